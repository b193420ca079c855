import { request } from 'node:http';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { type Hook, onPost, type Route } from '../../src/doors.ts';
import { Refusal } from '../../src/lib/refusal.ts';
import { firstTime } from '../../src/messages/inbox.ts';
import { type HttpOptions, startHttp } from '../../src/runtime/http.ts';
import { it, type Site } from './support.ts';

const token = 'a-token-for-pipelines';
const body = z.object({ readings: z.array(z.object({ metric: z.string(), value: z.number() })).max(1000) });
const auth = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

const echo: Route = onPost('/api/v1/readings', 'Store readings', body, async (_, { readings }) => ({
  accepted: readings.length,
  rejected: [],
}));

async function serve(site: Site, options: Partial<HttpOptions> = {}, route: Route = echo) {
  const server = await startHttp({
    doors: [{ routes: [route] }],
    port: 0,
    host: '127.0.0.1',
    version: '0.1.0',
    zones: { version: '2026f', source: 'the package' },
    apiToken: token,
    apiContext: () => site.ctx,
    contextFor: (workspace) => (workspace === 'T1' ? site.ctx : undefined),
    hookFor: () => Promise.resolve(undefined),
    ping: () => site.database.ping(),
    wake: () => undefined,
    log: site.log,
    ...options,
  });
  onTestFinished(() => server.stop());
  return server.url;
}

function post(url: string, text: string, headers: Record<string, string> = auth, path = '/api/v1/readings') {
  return fetch(url + path, { method: 'POST', headers, body: text });
}

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const said = z.object({ status: z.number(), title: z.string(), detail: z.string(), errors: z.unknown() }).parse({
    errors: undefined,
    ...z.record(z.string(), z.unknown()).parse(await response.json()),
  });
  expect(said.status).toBe(response.status);
  return said;
}

const Stored = z.object({ accepted: z.number(), rejected: z.array(z.unknown()), duplicate: z.boolean().optional() });
const one = JSON.stringify({ readings: [{ metric: 'auc', value: 0.9 }] });

it('takes in what a pipeline sends', async ({ site }) => {
  const answer = await post(await serve(site), one);
  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ accepted: 1, rejected: [] });
});

it.for<[string, Record<string, string>]>([
  ['no token', {}],
  ['a wrong token', { authorization: 'Bearer wrong' }],
  ['a wrong password', { authorization: `Basic ${btoa('anyone:wrong')}` }],
  ['a user name alone', { authorization: `Basic ${btoa(token)}` }],
  ['another scheme', { authorization: `Basic ${token}` }],
])('refuses %s', async ([, headers], { site }) => {
  const answer = await post(await serve(site), one, headers);
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  await problemOf(answer);
});

it('takes the token as the password of basic authentication, for tools that know no other', async ({ site }) => {
  const headers = { authorization: `Basic ${btoa(`anyone:${token}`)}`, 'content-type': 'application/json' };
  expect((await post(await serve(site), one, headers)).status).toBe(202);
});

it('lets nobody in when no token is set', async ({ site }) => {
  const url = await serve(site, { apiToken: undefined });
  expect((await post(url, one, { authorization: 'Bearer undefined' })).status).toBe(401);
  expect((await post(url, one, { authorization: 'Bearer ' })).status).toBe(401);
});

it('does the same key once, and a failed try does not use it up', async ({ site }) => {
  let stored = 0;
  let fails = true;
  const route = onPost('/api/v1/readings', 'x', body, async (ctx) => {
    await firstTime(ctx, `row ${stored}`);
    if (fails) throw new Refusal('There is no metric named "auc".', { field: 'readings[0].metric' });
    stored += 1;
    return { accepted: 1, rejected: [] };
  });
  const url = await serve(site, {}, route);
  const send = () => post(url, one, { ...auth, 'idempotency-key': 'run-7' });
  const refused = await send();
  expect(refused.status).toBe(422);
  expect((await problemOf(refused)).errors).toEqual([
    { field: 'readings[0].metric', reason: 'There is no metric named "auc".' },
  ]);
  fails = false;
  const answers = await Promise.all([send(), send(), send()]);
  const said = await Promise.all(answers.map(async (each) => Stored.parse(await each.json())));
  expect(answers.map((each) => each.status)).toEqual([202, 202, 202]);
  expect(said.filter((each) => each.duplicate)).toEqual([
    { accepted: 0, rejected: [], duplicate: true },
    { accepted: 0, rejected: [], duplicate: true },
  ]);
  expect(stored).toBe(1);
  const long = await post(url, one, { ...auth, 'idempotency-key': 'x'.repeat(201) });
  expect(long.status).toBe(400);
});

it.for<[string, string]>([
  ['{"readings":[{"metric":"auc" "value":1}]}', 'line 1, column 30'],
  ['{\n  "readings": [,]\n}', 'line 2, column 16'],
  ['{"readings":[', 'position 13 (line 1, column 14)'],
  ['{"readings":[{"metric":"au', 'position 26 (line 1, column 27)'],
  ['{"readings":[{"metric":tru}]}', 'position 26 (line 1, column 27)'],
  ['', 'position 0'],
])('says where %j is no JSON', async ([text, where], { site }) => {
  const answer = await post(await serve(site), text);
  expect(answer.status).toBe(400);
  expect((await problemOf(answer)).detail).toContain(where);
});

it('names the field that does not fit', async ({ site }) => {
  const answer = await post(await serve(site), JSON.stringify({ readings: [{ metric: 'auc', value: '0.9' }] }));
  expect(answer.status).toBe(422);
  const { errors, detail } = await problemOf(answer);
  expect(errors).toEqual([{ field: 'readings[0].value', reason: expect.stringContaining('number') }]);
  expect(detail).toContain('readings[0].value');
});

it('keeps a bug of ours apart from a mistake of theirs', async ({ site }) => {
  const route = onPost('/api/v1/readings', 'x', body, async () => void z.object({ ours: z.string() }).parse({}));
  const answer = await post(await serve(site, {}, route), one);
  expect(answer.status).toBe(500);
  const { detail } = await problemOf(answer);
  const reference = /Reference ([0-9a-f]{8})/.exec(detail)?.[1];
  expect(site.log.lines.find(({ level }) => level === 'error')).toMatchObject({ about: { reference } });
});

it('refuses more than a megabyte, also when it comes without a length', async ({ site }) => {
  const url = await serve(site);
  const big = JSON.stringify({ readings: [], more: 'x'.repeat(1024 * 1024) });
  expect((await post(url, big)).status).toBe(413);
  const status = await new Promise((resolve, reject) => {
    const sending = request(`${url}/api/v1/readings`, { method: 'POST', headers: auth }, (answer) => {
      resolve(answer.statusCode);
      answer.resume();
    });
    sending.on('error', reject);
    sending.write(big.slice(0, 600_000));
    sending.end(big.slice(600_000));
  });
  expect(status).toBe(413);
});

it('knows its paths only', async ({ site }) => {
  const url = await serve(site);
  const answer = await fetch(`${url}/api/v2/readings`);
  expect(answer.status).toBe(404);
  expect((await problemOf(answer)).detail).toBe('There is nothing at GET /api/v2/readings');
});

it('says that it is not now when the database is gone', async ({ site }) => {
  const gone = Object.assign(new Error('Failed query'), { cause: { code: 'CONNECTION_CLOSED', message: 'write' } });
  const route = onPost('/api/v1/readings', 'x', body, () => Promise.reject(gone));
  const url = await serve(site, { ping: () => Promise.reject(gone) }, route);
  const answer = await post(url, one);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

it('hands a web-hook its raw text, its query and its headers', async ({ site }) => {
  const seen: unknown[] = [];
  const hook: Hook = {
    kind: 'grafana',
    limitBytes: 100,
    handle: async (_, delivery) => {
      seen.push(delivery);
      return { taken: 1 };
    },
  };
  const url = await serve(site, {
    hookFor: (source, bearer) =>
      Promise.resolve(source === 's1' && bearer === 'secret' ? { workspace: 'T1', hook } : undefined),
  });
  const headers = { authorization: 'Bearer secret', 'X-Event': 'Push' };
  const answer = await post(url, '{"a": 1}  ', headers, '/hooks/s1?model=churn');
  expect([answer.status, await answer.json()]).toEqual([202, { taken: 1 }]);
  expect(seen).toMatchObject([{ body: '{"a": 1}  ', query: { model: 'churn' }, headers: { 'x-event': 'Push' } }]);
  expect((await post(url, 'x'.repeat(101), headers, '/hooks/s1')).status).toBe(413);
  expect((await post(url, '{}', {}, '/hooks/s1')).status).toBe(401);
  expect((await post(url, '{}', headers, '/hooks/other')).status).toBe(401);
});

it('says that it is up, in which version, and with which time-zone data', async ({ site }) => {
  const url = await serve(site);
  const health: unknown = await (await fetch(`${url}/healthz`)).json();
  expect(health).toEqual({
    status: 'up',
    version: '0.1.0',
    timeZones: { version: '2026f', source: 'the package' },
  });
  const { paths } = Described.parse(await (await fetch(`${url}/openapi.json`)).json());
  const described = paths['/healthz'].get.responses['200'].content['application/json'].schema;
  expect(z.fromJSONSchema(described).safeParse(health).success).toBe(true);
  expect(z.fromJSONSchema(described).safeParse({ status: 'up', version: '0.1.0' }).success).toBe(false);
});

const json = z.object({ 'application/json': z.object({ schema: z.record(z.string(), z.json()) }) });
const Described = z.object({
  paths: z.object({
    '/healthz': z.object({ get: z.object({ responses: z.object({ '200': z.object({ content: json }) }) }) }),
  }),
});

it('describes itself, and counts', async ({ site }) => {
  const url = await serve(site, { backlog: () => Promise.resolve(7) });
  await post(url, one);
  const description = await (await fetch(`${url}/openapi.json`)).json();
  expect(description).toMatchObject({
    openapi: '3.1.0',
    paths: { '/api/v1/readings': { post: { requestBody: { required: true } } } },
  });
  expect(JSON.stringify(description)).toContain('"maxItems":1000');
  const counted = await (await fetch(`${url}/metrics`)).text();
  expect(counted).toContain('pitcrew_http_requests_total{route="/api/v1/readings",status="202"} 1');
  expect(counted).toContain('pitcrew_courier_backlog 7');
  expect(counted).toContain('nodejs_eventloop_lag_p99_seconds');
});

it('logs a request without its body and its query', async ({ site }) => {
  const url = await serve(site);
  await post(url, one, auth, '/api/v1/readings?token=hidden-thing');
  const lines = JSON.stringify(site.log.lines);
  expect(lines).toContain('/api/v1/readings');
  expect(lines).not.toMatch(/hidden-thing|auc|a-token/);
});

it('says plainly that its port is taken', async ({ site }) => {
  const url = await serve(site);
  const port = Number(new URL(url).port);
  await expect(serve(site, { port })).rejects.toThrow(`PORT ${port} is taken`);
});
