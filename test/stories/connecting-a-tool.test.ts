import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { evidentlyReport } from '../../src/demo/report.ts';
import { openAlerts } from '../../src/features/drift/queries.ts';
import { kinds } from '../../src/features/sources/schema.ts';
import { entries } from '../../src/integrations/hooks/entries.ts';
import { sealing } from '../../src/lib/sealing.ts';
import { linesOf } from '../../src/ledger/ledger.ts';
import { dev, enzo, olga, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1);

/** Where a tool posts, and its secret, as the person reads them off the card. */
interface Pasted {
  readonly path: string;
  readonly token: string;
}
const pasted = (card: string): Pasted => ({
  path: /\/hooks\/[0-9a-f-]{36}/.exec(card)?.[0] ?? 'no address',
  token: /(pit_[\w-]{43}|whsec_[\w/+=]{44})/.exec(card)?.[0] ?? 'no secret',
});

async function connect(typed: string, who = dev): Promise<Pasted> {
  await stage.slack.as(who).command(`/ml connect ${typed}`, room);
  await expect.poll(told(who)).toContain('shown only this once');
  return pasted(told(who)() ?? '');
}

async function ask(typed: string, words: string | RegExp, who = dev): Promise<string> {
  await stage.slack.as(who).command(`/ml connect ${typed}`.trim(), room);
  if (typeof words === 'string') await expect.poll(told(who)).toContain(words);
  else await expect.poll(told(who)).toMatch(words);
  return told(who)() ?? '';
}

const post = ({ path, token }: Pasted, body: unknown, query = '') =>
  stage.post(`${path}${query}`, body, { authorization: `Bearer ${token}` });

const reading = (value: number, day: string, model?: string) => [
  { metric: 'auc', value, at: `2026-01-${day}T00:00:00Z`, ...(model && { model }) },
];

it('nothing is connected yet, and the list says how to begin', async () => {
  const list = await ask('', 'No tool is connected yet');
  expect(list).toContain('[Connect a tool]');
});

it('a person connects a tool for a model, and what it posts stands', async () => {
  const tool = await connect('evidently churn-model');
  expect(told(dev)()).toContain('Evidently is connected as evidently for churn-model');
  const body = evidentlyReport({ tenure_days: 0.5, plan: 0.02 });
  expect(await post(tool, body, '?window_end=2026-01-01T00:00:00Z')).toMatchObject({
    status: 202,
    body: { accepted: 2, drifted: 1 },
  });
  const list = await ask('', 'Connected tools');
  expect(list).toContain('evidently (Evidently) for churn-model');
  expect(list).toMatch(/Last delivery .*: 1 thing taken in\./);
  expect(list).not.toContain('Last problem');
});

it('the secret is seen by nobody else, and is neither in the list nor in the ledger', async () => {
  const { token } = await connect('json churn-model');
  const seen = [olga, enzo].flatMap((who) => [...stage.slack.as(who).ephemerals(), ...stage.slack.as(who).dm()]);
  const lines = await linesOf(stage.app.context.db, stage.app.workspace);
  const elsewhere = JSON.stringify([seen, stage.slack.as(olga).channel(room), lines, await ask('', 'Connected tools')]);
  expect(elsewhere).not.toContain(token);
  expect(lines.map(({ what, summary }) => `${what} ${summary}`)).toContain(
    'source.connected connected json for churn-model',
  );
});

it('the same delivery counts once, and the list says that it came twice', async () => {
  const tool = await connect('json churn-model');
  expect(await post(tool, reading(0.9, '01'))).toMatchObject({ status: 202, body: { accepted: 1 } });
  expect(await post(tool, reading(0.9, '01'))).toMatchObject({ status: 202, body: { accepted: 0, duplicate: true } });
  expect(await post(tool, reading(0.9, '02'))).toMatchObject({ status: 202, body: { accepted: 1 } });
  const shown = await ask('show json-2', 'json-2 (Plain JSON) for churn-model');
  expect(shown).toMatch(/1 thing taken in\.\n.*it came before, so nothing was done\.\n.*1 thing taken in\./);
});

it('a wrong token, an unknown address and no token get the same answer', async () => {
  const tool = await connect('json');
  const unknown = { ...tool, path: '/hooks/00000000-0000-4000-8000-000000000000' };
  const wrong = { ...tool, token: `pit_${'x'.repeat(43)}` };
  const answers = [
    await post(wrong, reading(0.9, '03')),
    await post(unknown, reading(0.9, '03')),
    await stage.post(tool.path, reading(0.9, '03'), { authorization: '' }),
    await stage.post('/hooks/none', reading(0.9, '03'), { authorization: `Bearer ${tool.token}` }),
  ];
  expect(answers[0]?.status).toBe(401);
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  const shown = await ask('show json-3', 'json-3 (Plain JSON)');
  expect(shown).toContain('refused. Its bearer token is not the one of this tool.');
  expect(shown).not.toContain('It began so');
});

it('the address wins over the payload, the payload over what the tool was connected for', async () => {
  const tool = await connect('json churn-model');
  expect(await post(tool, reading(0.9, '04', 'no-model'), '?model=churn-model')).toMatchObject({
    body: { accepted: 1 },
  });
  const report = { findings: [], model: 'no-model', at: '2026-01-04T00:00:00Z' };
  expect((await post(tool, report, '?model=churn-model')).status).toBe(202);
  expect((await post(tool, report)).status).toBe(422);
  const own = await post(tool, reading(0.9, '05', 'no-model'));
  expect(own).toMatchObject({ status: 422, body: { errors: [{ field: 'model' }] } });
  const some = await post(tool, [...reading(0.9, '05', 'no-model'), ...reading(0.9, '05')]);
  expect(some).toMatchObject({ status: 202, body: { accepted: 1, rejected: [{ index: 0 }] } });
  expect(await ask('show json-4', 'json-4')).toContain(
    '1 thing taken in. 1 of them could not be taken; the first: model',
  );
});

it('what names no model is refused by the field, and says how to name one', async () => {
  const tool = await connect('json');
  const answer = await post(tool, reading(0.9, '06'));
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'model' }] } });
  expect(JSON.stringify(answer.body)).toContain('?model=<name> in the address, or `/ml connect json <name>`');
});

it('a broken body is kept, and shown with what was wrong; nothing in it pings or is believed', async () => {
  const tool = await connect('evidently churn-model');
  const body = '{"metrics": 1, "note": "<!channel> *hi*", "api_key": "hush-hush"}';
  const answer = await post(tool, body);
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'metrics' }] } });
  const shown = await ask('show evidently-2', 'evidently-2 (Evidently)');
  expect(shown).toContain('refused. This is not a report of Evidently: metrics');
  expect(shown).toContain('It began so:\n{"metrics": 1, "note": "<!channel> *hi*", "api_key": "[hidden]"}');
  expect(await ask('', 'Connected tools')).toMatch(
    /evidently-2 .*\n.*refused\.\nLast problem .*: This is not a report/,
  );
});

it('a problem that quotes the payload quotes it harmlessly', async () => {
  const tool = await connect('json');
  const answer = await post(tool, { findings: [], model: '<!channel>' });
  expect(answer.status).toBe(422);
  const shown = await ask('show json-6', 'json-6 (Plain JSON)');
  expect(shown).toContain('No model is registered under the name "<!channel>"');
});

it.each([
  ['an escaped NUL', String.raw`{"findings": [], "model": "a\u0000"}`, '', 'body'],
  ['a NUL', '{"findings": [], "model": "a\0"}', '', 'body'],
  ['a NUL in the address', '{"findings": []}', '?model=a%00', 'model'],
  ['rows that are no number', '{"findings": []}', '?rows=many', 'rows'],
  ['no score', '{"findings": [{"method": "psi"}]}', '', 'findings.0.score'],
  ['a long name', `{"findings": [], "model": "${'x'.repeat(300)}"}`, '', 'model'],
  ['nothing in a list', '[]', '', 'body'],
  ['nothing at all', '{}', '', 'body'],
])('plain JSON with %s is refused by its field', async (_, body, query, field) => {
  const answer = await stage.post(`/hooks/json${query}`, body);
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } });
});

it('a body that is too large is refused, and the note of it stays', async () => {
  const tool = await connect('json churn-model');
  const answer = await post(tool, `["${'x'.repeat(1024 * 1024)}"]`);
  expect(answer.status).toBe(413);
  expect(await ask('show json-7', 'json-7 (Plain JSON)')).toContain('refused. body: it has more than 1048576 bytes');
});

it('after a change of the secret the old one works for a day, then no more', async () => {
  const old = await connect('json churn-model');
  const said = await ask('rotate json-8', 'json-8 has a new secret');
  expect(said).toContain('The old one goes on working for 24 hours');
  const fresh = pasted(said);
  expect(fresh.path).toBe(old.path);
  expect((await post(fresh, reading(0.8, '07'))).status).toBe(202);
  expect((await post(old, reading(0.8, '08'))).status).toBe(202);
  await ask('rotate json-8', 'json-8 has a new secret');
  expect((await post(fresh, reading(0.8, '09'))).status).toBe(202);
  expect((await post(old, reading(0.8, '10'))).status).toBe(401);
});

it('a revoked tool is out at once, after a question', async () => {
  const tool = await connect('json churn-model');
  expect((await post(tool, reading(0.7, '11'))).status).toBe(202);
  await ask('revoke json-9', 'Revoke json-9?');
  expect((await post(tool, reading(0.7, '12'))).status).toBe(202);
  await stage.slack.as(dev).press('Revoke', { channel: room, containing: 'Revoke json-9?' });
  await expect.poll(told(dev)).toContain('json-9 is revoked');
  expect((await post(tool, reading(0.7, '13'))).status).toBe(401);
  await ask('show json-9', 'Nothing is connected under the name "json-9"');
});

it('in a form: the tool, the model; the secret stands in the form and nowhere else', async () => {
  const me = stage.slack.as(dev);
  await ask('', '[Connect a tool]');
  await me.press('Connect a tool', { channel: room });
  await expect.poll(() => me.modal()).toContain('Connect a tool');
  const wrong = await me.submit({ Tool: 'dbt', Model: 'churn-model', Environment: 'staging' });
  expect(wrong.errors?.['Environment']).toContain('churn-model runs in production, not in "staging"');
  await me.submit({ Environment: '' });
  await expect.poll(() => me.modal()).toContain('dbt is connected as dbt for churn-model');
  expect(pasted(me.modal() ?? '').token).toMatch(/^pit_/);
  expect(me.dm().join()).not.toContain('pit_');
  await me.closeModal();
});

it('what a tool is about can be changed later', async () => {
  const tool = await connect('json');
  expect((await post(tool, reading(0.6, '14'))).status).toBe(422);
  const me = stage.slack.as(dev);
  await ask('show json-10', 'json-10 (Plain JSON)');
  await me.press('Change', { channel: room, containing: 'json-10' });
  await expect.poll(() => me.modal()).toContain('What it is about');
  await me.submit({ Model: 'churn-model' });
  expect((await post(tool, reading(0.6, '15'))).status).toBe(202);
});

it.each([
  ['fax', 'I can connect: evidently'],
  ['show', 'Say which one: /ml connect show <name>'],
  ['show nothing', 'Nothing is connected under the name "nothing"'],
  ['json chrun-model', 'Did you mean churn-model?'],
  ['grafana', 'Whoever runs me sets PITCREW_SECRET_KEY to what openssl rand -base64 32 prints'],
])('/ml connect %s is answered in words', async (typed, words) => {
  await stage.slack.as(dev).command(`/ml connect ${typed}`, room);
  await expect.poll(() => told(dev)()?.replaceAll('`', '')).toContain(words);
  expect(stage.errors).toEqual([]);
});

/** As the operator does: give a key, start again. */
function withKey(byte: number | undefined): void {
  const value = byte === undefined ? undefined : sealing([Buffer.alloc(32, byte)]);
  Object.defineProperty(stage.app.context, 'sealing', { value, enumerable: true, configurable: true });
}

const hex = (secret: string, body: string) => createHmac('sha256', secret).update(body).digest('hex');
const now = () => String(Math.floor(Date.now() / 1000));
const stamped = (key: string | Buffer, id: string, body: string) =>
  `v1,${createHmac('sha256', key).update(`${id}.${now()}.${body}`).digest('base64')}`;
const signed = {
  grafana: (secret: string, body: string) => ({ 'X-Grafana-Alerting-Signature': hex(secret, body) }),
  github: (secret: string, body: string) => ({
    'X-Hub-Signature-256': `sha256=${hex(secret, body)}`,
    'X-GitHub-Event': 'workflow_run',
    'X-GitHub-Delivery': `delivery ${body.length}`,
  }),
  mlflow: (secret: string, body: string) => ({
    'X-MLflow-Delivery-Id': 'm1',
    'X-MLflow-Timestamp': now(),
    'X-MLflow-Signature': stamped(secret, 'm1', body),
  }),
  gitlab: (secret: string, body: string) => ({
    'webhook-id': 'g1',
    'webhook-timestamp': now(),
    'webhook-signature': stamped(Buffer.from(secret.slice(6), 'base64'), 'g1', body),
  }),
};
const send = (path: string, body: string, headers: Record<string, string>) =>
  stage.post(path, body, { authorization: '', ...headers });

const alert = (status: 'firing' | 'resolved', labels: object) => ({
  alerts: [
    {
      status,
      labels: { alertname: 'Slow <!channel>', severity: 'critical', ...labels },
      annotations: { summary: 'p99 is 2 s' },
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: status === 'resolved' ? '2026-01-01T01:00:00Z' : '0001-01-01T00:00:00Z',
      fingerprint: 'f1',
    },
  ],
});
const bodies = {
  grafana: JSON.stringify(alert('firing', { model: 'churn-model', env: 'production' })),
  github: JSON.stringify({
    action: 'completed',
    repository: { full_name: 'northwind/churn' },
    workflow_run: { id: 1, name: 'retrain', conclusion: 'success', updated_at: '2026-01-01T00:00:00Z' },
  }),
  gitlab: JSON.stringify({
    object_kind: 'pipeline',
    object_attributes: { id: 1, status: 'success', created_at: '2026-01-01 00:00:00 UTC' },
    project: { path_with_namespace: 'northwind/churn' },
  }),
  mlflow: JSON.stringify({
    entity: 'model_version_alias',
    action: 'created',
    timestamp: '2026-01-01T00:00:00+00:00',
    data: { name: 'churn-model', alias: 'champion', version: '15' },
  }),
};

it.each(['grafana', 'github', 'gitlab', 'mlflow'] as const)(
  '%s signs what it sends: the right signature is taken once, a wrong one is told why',
  async (kind) => {
    withKey(7);
    // By itself it opens the form of a registry that I ask.
    const { path, token } = await connect(kind === 'mlflow' ? 'mlflow churn-model' : kind);
    const body = bodies[kind];
    const unsigned = await send(path, body, {});
    expect(unsigned).toMatchObject({ status: 401, body: { title: 'Not authorised' } });
    expect(JSON.stringify(unsigned.body)).toMatch(/The header .* is missing/);
    const other = await send(path, `${body} `, signed[kind](token, body));
    expect(other.status).toBe(401);
    expect(JSON.stringify(other.body)).toContain('The signature does not match');
    const bearer = await stage.post(path, body, { authorization: `Bearer ${token}` });
    expect(bearer.status).toBe(401);
    expect(await send(path, body, signed[kind](token, body))).toMatchObject({ status: 202, body: { accepted: 1 } });
    const again = await send(path, body, signed[kind](token, body));
    expect(again).toMatchObject({ status: 202, body: { accepted: 0, duplicate: true } });
    expect(await ask(`show ${kind}`, `${kind} (`)).toContain('refused. The signature does not match');
  },
);

it('an alert of Grafana stands as an alert of its model; its name pings nobody; it ends when Grafana says so', async () => {
  const [open] = await openAlerts(stage.app.context);
  expect(open).toMatchObject({ environment: 'production' });
  await stage.settle();
  expect(stage.slack.as(olga).channel(room).join('\n')).toContain('Slow <!channel>');
  const { path, token } = await connect('grafana churn-model');
  const body = JSON.stringify(alert('resolved', {}));
  expect((await send(path, body, signed.grafana(token, body))).status).toBe(202);
  expect(await openAlerts(stage.app.context)).toEqual([]);
});

it('a signed tool gets a new secret as well, and both work for a day', async () => {
  const old = await connect('grafana churn-model');
  const fresh = pasted(await ask('rotate grafana-3', 'grafana-3 has a new secret'));
  for (const [tool, fingerprint] of [
    [fresh, 'r1'],
    [old, 'r2'],
  ] as const) {
    const body = bodies.grafana.replace('"f1"', `"${fingerprint}"`);
    expect((await send(tool.path, body, signed.grafana(tool.token, body))).status).toBe(202);
  }
});

it('Alertmanager repeats itself for as long as an alert lasts: that is one alert', async () => {
  const tool = await connect('alertmanager');
  const body = alert('firing', { pitcrew_model: 'churn-model', instance: 'a' });
  expect(await post(tool, body)).toMatchObject({ status: 202, body: { accepted: 1 } });
  expect(await post(tool, { ...body, notification_reason: 'repeat interval elapsed' })).toMatchObject({
    status: 202,
    body: { accepted: 0, duplicate: true },
  });
  expect(await post(tool, alert('firing', {}))).toMatchObject({ status: 422, body: { errors: [{ field: 'model' }] } });
  expect(await openAlerts(stage.app.context)).toHaveLength(1);
});

const lostKey = 'sealed with a key that is not here';

it('with a lost key nothing is taken; the sender is told to come again, and people what to do', async () => {
  const { path, token } = await connect('grafana');
  withKey(8);
  const answer = await send(path, bodies.grafana, signed.grafana(token, bodies.grafana));
  expect(answer.status).toBe(500);
  expect(await ask('show grafana-4', 'grafana-4 (')).toContain('PITCREW_SECRET_KEY is not the one');
  expect(stage.errors.filter((line) => line.includes(lostKey))).toHaveLength(1);
  withKey(7);
  expect((await send(path, bodies.grafana, signed.grafana(token, bodies.grafana))).status).toBe(202);
});

it.each([
  ['payload=%7B%7D', { 'X-GitHub-Event': 'push' }, 'choose application/json'],
  ['{}', {}, 'The header X-GitHub-Event is missing'],
  ['{"zen": "Keep it logically awesome."}', { 'X-GitHub-Event': 'ping' }, '"accepted":0'],
])('GitHub with %s is answered in words', async (body, headers, words) => {
  const answer = await stage.post('/hooks/github', body, headers);
  expect(JSON.stringify(answer.body)).toContain(words);
});

it('every tool that can be connected has its reader', () => {
  expect(entries.map(({ kind }) => kind).toSorted()).toEqual([...kinds].toSorted());
  expect(stage.errors.filter((line) => !line.includes(lostKey))).toEqual([]);
});
