import { afterEach, beforeEach, expect, it } from 'vitest';
import { findModels } from '../../src/features/models/queries.ts';
import { leaveTeam } from '../../src/features/teams/store.ts';
import { dev, enzo, lea, olga, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setTheStage({ transport: 'socket' });
  const me = stage.slack.as(enzo);
  await me.command('/ml rollback churn-model', room);
  await expect.poll(() => me.modal()).toContain('Roll back model');
  await me.submit({ 'Back to version': 'Version 13', Why: 'scores are far off since noon' });
  await stage.settle();
});
afterEach(() => stage.close());

async function bothApprove(): Promise<void> {
  await stage.slack.as(olga).press('Approve', { channel: room });
  await stage.slack.as(dev).press('Approve', { channel: room });
}

const card = () =>
  stage.slack
    .as(enzo)
    .channel(room)
    .find((said) => said.includes('Roll back churn-model')) ?? '';
const alias = () => stage.mlflow.state().find((model) => model.name === 'churn-model')?.aliases['champion'];

it('someone moved the alias in the registry meanwhile: nothing is moved, and the card says what stands', async () => {
  stage.mlflow.moveAlias({ model: 'churn-model', alias: 'champion', version: '12' });
  await bothApprove();
  await stage.settle();
  expect(alias()).toBe('12');
  expect(card()).toContain('MLflow says champion points to version 12, the approver saw version 14');
});

it('an approver who left the team is refused, and the request still waits', async () => {
  const [model] = await findModels(stage.app.context, '');
  await leaveTeam(stage.app.context, model?.teamId ?? '', olga, lea);
  await stage.slack.as(olga).press('Approve', { channel: room });
  await expect.poll(() => stage.slack.as(olga).ephemerals().at(-1)).toContain('no longer in the team');
  expect(card()).toContain('Waiting for 2 people');
});

it('an approver who became a guest a moment ago is refused, whatever we knew before', async () => {
  stage.slack.setPerson(olga, { kind: 'guest' });
  await stage.slack.as(olga).press('Approve', { channel: room });
  await expect.poll(() => stage.slack.as(olga).ephemerals().at(-1)).toContain('Guests and people of other workspaces');
  expect(alias()).toBe('14');
});

it('three approvers in the same instant: two count, the third is told that it is decided', async () => {
  await Promise.all([olga, dev, lea].map((who) => stage.slack.as(who).press('Approve', { channel: room })));
  await stage.settle();
  expect(alias()).toBe('13');
  const told = () => [olga, dev, lea].flatMap((who) => stage.slack.as(who).ephemerals());
  await expect.poll(told).toHaveLength(1);
  expect(told()[0]).toMatch(/Rollback 1 was already/);
  const moves = stage.mlflow.calls.filter(
    ({ method, path }) => method === 'POST' && path === 'registered-models/alias',
  );
  expect(moves).toHaveLength(1);
});

it('Slack cannot say who the approver is: nothing is decided', async () => {
  stage.slack.fault({ method: 'users.info', kind: 'http500', times: 1 });
  await stage.slack.as(olga).press('Approve', { channel: room });
  await expect.poll(() => stage.slack.as(olga).ephemerals().at(-1)).toContain('could not check with Slack who you are');
  expect(card()).toContain('Waiting for 2 people');
});

it('the registry is down for a moment: the rollback is done all the same, the alias moved once', async () => {
  stage.mlflow.fault({ kind: '503', path: 'registered-models/alias', times: 1, retryAfter: 0 });
  await bothApprove();
  await stage.settle();
  expect(alias()).toBe('13');
  expect(card()).toContain('Alias moved');
});

it('is rejected with a reason that the person who asked can read', async () => {
  await stage.slack.as(dev).press('Reject', { channel: room });
  await expect.poll(() => stage.slack.as(dev).modal()).toContain('Why not');
  await stage.slack.as(dev).submit({ 'Why not': 'The feed is being repaired.' });
  await stage.settle();
  expect(card()).toContain('The feed is being repaired.');
});

it('is withdrawn only by the person who asked', async () => {
  await stage.slack.as(olga).press('Withdraw', { channel: room });
  await expect.poll(() => stage.slack.as(olga).ephemerals().at(-1)).toContain('Only the person who asked');
  await stage.slack.as(enzo).press('Withdraw', { channel: room });
  await stage.settle();
  expect(card()).toContain('Withdrawn');
});
