import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, enzo, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

const mei = 'U06MEI';
let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1);
const card = () =>
  stage.slack
    .as(pia)
    .channel(room)
    .filter((text) => text.includes('Version 13 of churn-model'))
    .join('\n---\n');
const evidence = (...items: object[]) =>
  stage.post(
    '/api/v1/evidence',
    items.map((item) => ({ model: 'churn-model', ...item })),
  );

it('a team without a gate is led to one; the form begins with something, and a mistake is said by its line', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml gate churn-model', room);
  await expect.poll(told(dev)).toContain('churn-model has no gate yet');
  await me.command('/ml gate check churn-model 13', room);
  await expect.poll(told(dev)).toContain('has no gate in production yet. Make one with /ml gate edit churn-model.');
  await me.command('/ml gate edit churn-model', room);
  await expect.poll(() => me.modal()).toContain('Release gate');
  expect(me.modal()).toContain('ask qa "Did you look at how it does on the slices that matter?"');
  const wrong = await me.submit({ 'Checks, one a line': 'auc >= 0.80, at most 1% worse\nunit tests green' });
  expect(wrong.errors?.['Checks, one a line']).toContain('Line 2: I do not understand "tests green".');
  const checks = 'auc >= 0.80, at most 1% worse\nexternal "unit tests"\nask qa "Did you look at the worst cases?"';
  await me.submit({ 'Checks, one a line': checks });
  await stage.settle();
  const said = stage.slack.as(pia).channel(room).join('\n');
  expect(said).toContain('@dev made the gate of churn-model in production.');
  expect(said).toContain('• external "unit tests"');
});

it('a version is checked by command; one that the registry does not have is refused at once', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml gate check churn-model 99', room);
  await expect.poll(told(dev)).toContain('The registry has no version 99 of churn-model.');
  await me.command('/ml gate check churn-model 13', room);
  await expect.poll(told(dev)).toContain('I am checking version 13 of churn-model');
  await stage.settle();
  expect(card()).toContain('Version 13 of churn-model does not pass – gate of production');
  expect(card()).toContain('auc >= 0.8, at most 1% worse – missing');
  expect(card()).toContain('Log auc in the run of version 13, or post auc to /api/v1/evidence, then check again.');
  expect(card()).toContain('Asked of @mei (QA).');
});

it('machines bring what is missing; the card says that it is out of date until it is checked again', async () => {
  const both = [
    { version: 13, kind: 'metric', name: 'auc', value: 0.9, dataset: 'a1' },
    { version: 14, kind: 'metric', name: 'auc', value: 0.92, dataset: 'a1' },
    { version: 13, kind: 'external', name: 'unit tests', status: 'success', url: 'https://ci.example/7' },
  ];
  const answer = await evidence(...both, { version: 13, kind: 'metric', name: 'auc', value: 'NaN' });
  expect(answer).toMatchObject({ status: 202, body: { accepted: 3, rejected: [{ index: 3 }] } });
  await stage.settle();
  expect(card()).toContain('has a result that is out of date');
  expect(card()).not.toContain('[Override…]');
  await stage.slack.as(enzo).press('Check again', { channel: room, containing: 'Version 13 of' });
  await stage.settle();
  expect(card()).toContain('0.9 (version 14, which is live: 0.92) is 2.17% worse; at most 1% is allowed.');
  expect(card()).toContain('external "unit tests" – passes');
  expect(card()).toContain('Check 2 by @enzo');
});

it('the question is for QA; an answer has the version checked again', async () => {
  await stage.slack.as(pia).press('Answer', { channel: room, containing: 'Version 13 of' });
  await expect.poll(told(pia)).toContain('This question is for the role QA');
  const me = stage.slack.as(mei);
  await me.press('Answer', { channel: room, containing: 'Version 13 of' });
  await expect.poll(() => me.modal()).toContain('Did you look at the worst cases?');
  await me.submit({ 'Your answer': 'Yes', Note: 'The 20 worst are new customers.' });
  await stage.settle();
  expect(card()).toContain('Yes: The 20 worst are new customers.');
  expect(card()).not.toContain('[Answer]');
});

it('who answers for the model may override with a reason, which stands on the card for ever', async () => {
  await stage.slack.as(enzo).press('Override…', { channel: room, containing: 'Version 13 of' });
  await expect.poll(told(enzo)).toContain('Only the owner of churn-model');
  const me = stage.slack.as(olga);
  await me.press('Override…', { channel: room, containing: 'Version 13 of' });
  await expect.poll(() => me.modal()).toContain('You would let it go on although');
  const wrong = await me.submit({ 'Why go on without it?': 'because' });
  expect(wrong.errors?.['Why go on without it?']).toContain('20');
  await me.submit({ 'Why go on without it?': 'Version 14 answers too slowly for the campaign.' });
  await stage.settle();
  expect(card()).toContain('does not pass, and was overridden');
  expect(card()).toContain('[Promote]');
  await evidence({ version: 13, kind: 'metric', name: 'auc', value: 0.95, dataset: 'a1' });
  await stage.slack.as(dev).press('Check again', { channel: room, containing: 'Version 13 of' });
  await stage.settle();
  expect(card()).toContain('Version 13 of churn-model passes');
  expect(card()).toContain('Overridden (an earlier result) by @olga');
});

it('the page of the gate shows the wording and the newest checks, and leads to each', async () => {
  const me = stage.slack.as(pia);
  await me.command('/ml gate churn-model', room);
  await expect.poll(told(pia)).toContain('Version 13 passes – production');
  expect(told(pia)()).toContain('auc >= 0.8, at most 1% worse');
  await me.press('Show', { containing: 'Version 13 passes' });
  await expect.poll(() => me.modal()).toContain('Overridden (an earlier result) by @olga');
  await me.closeModal();
});

it('an MLflow that does not answer closes the gate, in words', async () => {
  stage.mlflow.fault({ kind: '503', times: 20 });
  await stage.slack.as(dev).press('Check again', { channel: room, containing: 'Version 13 of' });
  await expect
    .poll(
      async () => {
        await stage.settle();
        return card();
      },
      { timeout: 15_000 },
    )
    .toContain('version 13 exists in MLflow – cannot be judged yet');
  expect(card()).toContain('Check again when it answers.');
  expect(stage.errors).toEqual([]);
});
