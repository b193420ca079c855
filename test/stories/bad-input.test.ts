import { afterAll, beforeAll, expect, it } from 'vitest';
import { evidentlyReport } from '../../src/demo/report.ts';
import { openAlerts } from '../../src/features/drift/queries.ts';
import { setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'http' });
});
afterAll(() => stage.close());

const report = (score: number) => evidentlyReport({ tenure_days: score, plan: 0.02 });
const hook = (query: string) => `/hooks/evidently?${query}`;

it.each([
  ['is no JSON', '/api/v1/readings', '{"readings": [', 400, /JSON/],
  ['has no reading', '/api/v1/readings', '[]', 422, /at least one reading/],
  ['has too many readings', '/api/v1/readings', JSON.stringify(Array(1001).fill({})), 422, /at most 1,000/],
  ['is no Evidently report', hook('model=churn-model'), '{"hello": 1}', 422, /metrics/],
  ['is broken JSON with NaN in it', hook('model=churn-model'), '{"metrics": [NaN,', 422, /JSON/i],
  ['names no model', hook(''), report(0.3), 422, /which model/],
  ['is about an unknown model', hook('model=chrun-model'), report(0.3), 422, /Did you mean churn-model\?/],
  ['has an odd window', hook('model=churn-model&window_end=yesterday'), report(0.3), 422, /window_end/],
  ['lies in the future', hook('model=churn-model&window_end=2099-01-01T00:00:00Z'), report(0.3), 422, /future/],
])('a body that %s gets a clear answer', async (_, path, body, status, words) => {
  const answer = await stage.post(path, body);
  expect(answer.status).toBe(status);
  expect(JSON.stringify(answer.body)).toMatch(words);
});

it('a body that is too large is refused before it is read', async () => {
  const answer = await stage.post('/api/v1/readings', `["${'x'.repeat(1_100_000)}"]`);
  expect(answer.status).toBe(413);
});

it.each(['/api/v1/readings', hook('model=churn-model')])('nobody posts to %s without the token', async (path) => {
  const answer = await stage.post(path, report(0.5), { authorization: 'Bearer guess' });
  expect(answer.status).toBe(401);
});

it('a report with bare NaN is read; its column could not be computed and drifts not', async () => {
  const body = report(0.5).replace('"value":0.5', '"value":NaN');
  const answer = await stage.post(hook('model=churn-model&window_end=2026-01-01T00:00:00Z'), body);
  expect(answer).toMatchObject({ status: 202, body: { accepted: 2, drifted: 0 } });
});

it('a report with an empty metric is read without it', async () => {
  const body = report(0.02).replace('"metrics":[', '"metrics":[{},');
  const answer = await stage.post(hook('model=churn-model&window_end=2026-01-02T00:00:00Z'), body);
  expect(answer).toMatchObject({ status: 202, body: { accepted: 2, drifted: 0 } });
});

it('the same report sent again counts once', async () => {
  const path = hook('model=churn-model&window_end=2026-01-03T00:00:00Z');
  expect(await stage.post(path, report(0.6))).toMatchObject({ status: 202, body: { drifted: 1, judged: true } });
  expect(await stage.post(path, report(0.6))).toMatchObject({ status: 202, body: { duplicate: true } });
  expect(await stage.post(path, report(0.6), { 'idempotency-key': 'other' })).toMatchObject({
    body: { judged: false },
  });
  expect(await openAlerts(stage.app.context)).toEqual([]);
});

it('readings with an idempotency key are stored once', async () => {
  const reading = [{ model: 'churn-model', metric: 'accuracy', value: 0.9 }];
  const key = { 'idempotency-key': 'run-1' };
  expect(await stage.post('/api/v1/readings', reading, key)).toMatchObject({ status: 202, body: { accepted: 1 } });
  expect(await stage.post('/api/v1/readings', reading, key)).toMatchObject({ status: 202, body: { accepted: 0 } });
});
