import { afterAll, beforeAll, expect, it } from 'vitest';
import { actions } from '../../../src/actions.ts';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { incidentById, rolesOf } from '../../../src/features/incidents/queries.ts';
import { findModels } from '../../../src/features/models/queries.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { interactionBody, signed } from '../../runtime/tiny-slack.ts';
import { lea, olga, setTheStage, type Stage } from '../../support/stage.ts';

let stage: Stage;
let incidentId: string;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'http' });
  const { context: ctx } = stage.app;
  const [model] = await findModels(ctx, 'churn');
  const what = { title: 'Scores are off', summary: '', severity: 'sev2', version: '14', evidence: '' } as const;
  const { incident } = await declare(ctx, { ...what, modelId: model?.id ?? '', onset: ctx.now() }, olga);
  incidentId = incident.id;
  await stage.settle();
});
afterAll(() => stage.close());

const restart = () => stage.restart(() => undefined);

/** *Take command*, as Slack delivers it; the same `at` is the same click, sent again. */
async function press(who: string, at: string): Promise<number> {
  const team = stage.app.context.workspace;
  const body = interactionBody({
    type: 'block_actions',
    user: { id: who, team_id: team },
    team: { id: team },
    channel: { id: 'C02RETAIN' },
    container: { type: 'message', message_ts: '5.5', channel_id: 'C02RETAIN' },
    trigger_id: `trigger ${at}`,
    actions: [
      { type: 'button', action_id: actions.takeCommand.id, action_ts: at, value: JSON.stringify({ incidentId }) },
    ],
  });
  const { status } = await fetch(`${stage.app.http.url}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...signed(body, undefined, stage.slack.tokens.signingSecret),
    },
    body,
  });
  await stage.settle();
  return status;
}

const taken = async () =>
  (await linesOf(stage.app.context.db, stage.app.context.workspace))
    .filter(({ what }) => what === 'incident.commanded')
    .map(({ who }) => who);
const commander = async () =>
  (await rolesOf(stage.app.context, incidentId)).find(({ role }) => role === 'commander')?.holder;
const revision = async () => (await incidentById(stage.app.context, incidentId, olga)).revision;
const told = (who: string) => [...stage.slack.as(who).ephemerals(), ...stage.slack.as(who).dm()].join('\n');

/** What was done already is in rows, not in the memory of a process: unknown is not the same as done. */
it('after a restart the first click is not swallowed', async () => {
  await restart();
  expect(await press(olga, '7.7')).toBe(200);
  expect(await commander()).toBe(olga);
  expect(await taken()).toEqual([olga]);
});

it('the same click again after a restart is, without a second effect or a scolding', async () => {
  const before = [await revision(), told(olga)];
  await restart();
  expect(await press(olga, '7.7')).toBe(200);
  expect([await revision(), told(olga)]).toEqual(before);
  expect(await taken()).toEqual([olga]);
});

it('another click on the same old button is one of its own, and gets an answer', async () => {
  await restart();
  await press(olga, '8.8');
  await expect.poll(() => told(olga)).toContain('You already lead incident 1.');
  await press(lea, '7.7');
  await expect.poll(() => told(lea)).toContain('leads incident 1.');
  expect(await commander()).toBe(olga);
});
