import { afterAll, beforeAll, expect, it } from 'vitest';
import { archivals } from '../../src/features/incidents/archiving/schema.ts';
import { dev, enzo, lea, olga, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const patience = { timeout: 10_000 };
const channel = 'inc-1-churn-model';
const saidIn = (where: string) => () => stage.slack.as(enzo).channel(where).join('\n');
const card = () =>
  stage.slack
    .as(dev)
    .channel(room)
    .findLast((text) => text.includes('Incident 1: ')) ?? '';

/** As if the days had passed. */
async function longAgo(what: 'warnAt' | 'archiveAt') {
  await stage.app.context.db.update(archivals).set({ [what]: new Date(Date.now() - 60_000) });
  await stage.settle();
}

it('a team asks for it, and only what is closed from then on is planned', async () => {
  const me = stage.slack.as(lea);
  await me.command('/ml incident archive', room);
  await expect.poll(() => me.modal() ?? '', patience).toContain('Now: the whole workspace: nothing is said');
  await me.submit({ 'After how many days': '7' });
  await expect.poll(() => me.dm().join('\n'), patience).toContain('archived 7 days after its post-mortem is closed');
});

it('a day before it is archived the channel hears of it, and then it is archived once', async () => {
  await stage.slack.as(dev).command('/ml incident declare churn-model', room);
  await stage.slack
    .as(dev)
    .submit({ 'What is wrong': 'Scores are late', 'How bad is it': 'SEV3, degraded, with a workaround' });
  await stage.settle();
  await expect.poll(saidIn(channel), patience).toContain('Scores are late');
  await stage.slack.as(olga).press('Resolve', { channel, containing: 'Incident 1: ' });
  await stage.slack.as(olga).submit({ 'What ended it': 'The queue was emptied.' });
  await stage.settle();
  await stage.slack.as(olga).press('Close', { channel, containing: 'Incident 1: ' });
  await expect
    .poll(() => stage.slack.as(olga).ephemerals().at(-1) ?? '', patience)
    .toContain('or say there that nobody can know it.');
  await stage.slack.as(olga).press('Correct times', { channel, containing: 'Incident 1: ' });
  await expect.poll(() => stage.slack.as(olga).modal() ?? '', patience).toContain('Can we know when it began');
  await stage.slack.as(olga).submit({ 'Can we know when it began': 'No: nobody can' });
  await stage.settle();
  await stage.slack.as(olga).press('Close', { channel, containing: 'Incident 1: ' });
  await stage.settle();
  await expect.poll(card, patience).toContain('Closed, resolved');
  await longAgo('warnAt');
  await expect.poll(saidIn(channel), patience).toContain('[Keep it]');
  expect(stage.slack.calls('conversations.archive')).toHaveLength(0);
  await longAgo('archiveAt');
  await expect.poll(card, patience).toContain('(archived)');
  expect(stage.slack.calls('conversations.archive')).toHaveLength(1);
});

it('opened again, it goes on in a new channel, because Slack lets no app unarchive one, and says so', async () => {
  await stage.slack.as(dev).press('Reopen', { channel: room, containing: 'Incident 1: ' });
  await stage.slack.as(dev).submit({ Why: 'The queue is full again.' });
  await stage.settle();
  expect(stage.slack.calls('conversations.unarchive').map(({ error }) => error)).toEqual(['not_in_channel']);
  await expect.poll(saidIn(room), patience).toContain('Slack does not let me unarchive its old channel');
  await expect.poll(saidIn(`${channel}-2`), { timeout: 10_000 }).toContain('Incident 1: Scores are late');
  await expect.poll(card, patience).toContain(`#${channel}-2`);
  expect(stage.errors).toEqual([]);
});

it('whoever declares the next one on this model sees how an earlier one ended', async () => {
  await stage.slack.as(dev).press('Resolve', { channel: `${channel}-2`, containing: 'Incident 1: ' });
  await stage.slack.as(dev).submit({ 'What ended it': 'A second worker was started.' });
  await stage.settle();
  await stage.slack.as(enzo).command('/ml incident declare churn-model', room);
  await expect.poll(() => stage.slack.as(enzo).modal() ?? '', patience).toContain('Like it before on this model:');
  expect(stage.slack.as(enzo).modal()).toContain('Ended by: A second worker was started.');
});
