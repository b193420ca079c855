import { afterAll, beforeAll, expect, it } from 'vitest';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { findModels } from '../../../src/features/models/queries.ts';
import { lea, olga, pia, room, setTheStage, type Stage } from '../../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'http' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1);
const now = (who: string) => stage.slack.as(who).command('/ml rollback now churn-model', room);
const alias = () => stage.mlflow.state().find(({ name }) => name === 'churn-model')?.aliases['champion'];
const card = () =>
  stage.slack
    .as(lea)
    .channel(room)
    .findLast((text) => text.includes('Roll back churn-model')) ?? '';

it('without an open incident nobody goes back without approval', async () => {
  await now(lea);
  await expect.poll(told(lea)).toContain('churn-model has no open incident. Declare one first');
});

it('in one, only who is on call or leads may', async () => {
  const { context } = stage.app;
  const [model] = await findModels(context, 'churn-model');
  const about = { title: 'Everybody is declined', summary: '', severity: 'sev1', version: '14', evidence: '' } as const;
  await declare(context, { ...about, modelId: model?.id ?? '', onset: context.now() }, olga);
  await stage.settle();
  await now(pia);
  await expect.poll(told(pia)).toContain('Only who is on call for this model now, or leads its team');
});

it('goes back at once, and everybody reads by whom', async () => {
  await now(lea);
  const me = stage.slack.as(lea);
  await expect.poll(() => me.modal()).toContain('Break the glass');
  expect(me.modal()).toContain('at once and without approval');
  await me.submit({
    'Open incident': 'Incident 1: Everybody is declined',
    'Back to version': 'Version 13',
    'Why it cannot wait for approval': 'nobody can buy anything since three',
  });
  await stage.settle();
  expect(alias()).toBe('13');
  expect(card()).toContain('Done without approval by @lea in an open incident.');
});

it('nobody who did it does it again before somebody else looked back', async () => {
  await now(lea);
  await expect.poll(told(lea)).toContain('nobody has looked back at it yet');
  await stage.slack.as(lea).press('Look back', { channel: room, containing: 'Roll back churn-model' });
  await expect.poll(told(lea)).toContain('You did it yourself, so somebody else has to look back at it.');
});

it('another approver looks back at it, and what they think stands on the card', async () => {
  const me = stage.slack.as(olga);
  await me.press('Look back', { channel: room, containing: 'Roll back churn-model' });
  await expect.poll(() => me.modal()).toContain('Was it right to do it without approval?');
  await me.submit({
    'Was it right to do it without approval?': 'Yes, it was right',
    'What you think of it': 'There was no time to ask anybody.',
  });
  await stage.settle();
  await expect.poll(card).toContain('@olga looked at it and says it was right: There was no time to ask anybody.');
  expect(stage.errors).toEqual([]);
});
