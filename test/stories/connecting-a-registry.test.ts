import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionNamed, connectionsOf } from '../../src/features/connections/queries.ts';
import { sealing } from '../../src/lib/sealing.ts';
import { verified } from '../../src/lib/signatures.ts';
import { linesOf } from '../../src/ledger/ledger.ts';
import { type LocalMlflow, startLocalMlflow } from '../../src/local-mlflow/local-mlflow.ts';
import { dev, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
let other: LocalMlflow;
const servers: Server[] = [];
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
  other = await startLocalMlflow({
    models: [{ name: 'price-model', versions: [{ version: '1' }], aliases: { champion: '1' } }],
  });
});
afterAll(async () => {
  await stage.close();
  await other.close();
  for (const server of servers) server.close().closeAllConnections();
});

const planted = 'hunter2-planted-secret';
const told = () => stage.slack.as(dev).ephemerals().at(-1) ?? '';
const modal = () => stage.slack.as(dev).modal() ?? '';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

/** As the operator does: give a key, start again. */
function withKey(): void {
  const value = sealing([Buffer.alloc(32, 7)]);
  Object.defineProperty(stage.app.context, 'sealing', { value, enumerable: true, configurable: true });
}

async function ask(typed: string, words: string): Promise<string> {
  await stage.slack.as(dev).command(`/ml connect ${typed}`.trim(), room);
  await expect.poll(told).toContain(words);
  return told();
}

async function open(kind: string, title: string): Promise<void> {
  await stage.slack.as(dev).command(`/ml connect ${kind}`, room);
  await expect.poll(modal).toContain(title);
}

const password = { 'How to sign in': 'User and password', User: 'pit', 'Password or token': planted };
const submit = (values: Record<string, string>) => stage.slack.as(dev).submit(values);
const press = (label: string, containing?: string) =>
  stage.slack.as(dev).press(label, { channel: room, ...(containing && { containing }) });

it('before anything is connected the list says how to begin, on both sides', async () => {
  const list = await ask('', 'No tool is connected yet');
  expect(list).toContain('/ml connect mlflow');
});

it('without a key a password is refused under its input, and nothing is kept', async () => {
  await open('mlflow', 'Connect MLflow');
  const { errors } = await submit({ Address: other.url, ...password });
  expect(errors?.['Password or token']).toContain('openssl rand -base64 32');
  await stage.slack.as(dev).closeModal();
  expect(await connectionsOf(stage.app.context)).toEqual([]);
});

it('a guest connects nothing', async () => {
  stage.slack.setPerson(pia, { kind: 'guest' });
  await stage.slack.as(pia).command('/ml connect mlflow', room);
  await expect.poll(() => stage.slack.as(pia).ephemerals().at(-1)).toContain('Only full members');
  expect(stage.slack.as(pia).modal()).toBeUndefined();
});

it.each([
  ['an address that is none', { Address: 'mlflow' }, 'Address', 'begins with https://'],
  ['a password without a user', { Address: 'https://m.example', ...password, User: '' }, 'User', 'Which user'],
])('%s is refused under its input', async (_, values, input, words) => {
  withKey();
  await open('mlflow', 'Connect MLflow');
  const { errors } = await submit(values);
  expect(errors?.[input]).toContain(words);
  await stage.slack.as(dev).closeModal();
});

const answering = (status: number, type: string, body: string) => () =>
  serve((_, response) => response.writeHead(status, { 'content-type': type }).end(body));
const rebinding = 'Invalid Host header - possible DNS rebinding attack detected';

it.each([
  ['the wrong password', answering(401, 'text/html', 'no'), 'did not accept the user name and password'],
  ['a server that checks the host', answering(403, 'text/plain', rebinding), '--allowed-hosts'],
  ['a page to sign in', answering(200, 'text/html', '<title>Sign in</title>'), 'A web page answered at'],
  ['no MLflow', answering(404, 'text/html', 'nothing'), 'There is no MLflow API at'],
  ['a redirect', () => serve((_, to) => to.writeHead(302, { location: other.url }).end()), 'which is not followed'],
  ['nobody there', () => Promise.resolve('http://127.0.0.1:9'), 'refused the connection'],
  ['a private address', () => Promise.resolve('https://10.9.8.7'), 'PITCREW_ALLOWED_HOSTS'],
  ['http to a stranger', () => Promise.resolve('http://mlflow.example'), 'PITCREW_ALLOWED_HOSTS'],
])('with %s it is kept and marked, with what is wrong in words', async (_, where, words) => {
  await open('mlflow', 'Connect MLflow');
  await submit({ Address: await where(), ...password });
  await expect.poll(modal, { timeout: 10_000 }).toContain(words);
  expect(modal()).toContain('Nothing that you typed is lost');
  await stage.slack.as(dev).closeModal();
  expect(await ask('', 'What I ask')).toContain(words);
  for (const { name } of await connectionsOf(stage.app.context)) {
    await ask(`forget ${name}`, `Forget ${name}?`);
    await press('Forget', `Forget ${name}?`);
    await expect.poll(told).toContain(`${name} is forgotten`);
  }
});

it('a registry with a password is connected, tried, and asked from then on', async () => {
  await stage.slack.as(dev).command('/ml models import', room);
  await expect.poll(told).toContain('fraud-model');
  await open('mlflow', 'Connect MLflow');
  await submit({ Address: `${other.url}/`, ...password, Workspace: 'pricing', Name: 'Prices' });
  await expect.poll(modal).toContain('Works.');
  await stage.slack.as(dev).closeModal();
  const basic = `Basic ${Buffer.from(`pit:${planted}`).toString('base64')}`;
  expect(other.calls[0]?.headers).toMatchObject({ authorization: basic, 'x-mlflow-workspace': 'pricing' });
  await stage.slack.as(dev).command('/ml models import', room);
  await expect.poll(told).toContain('price-model');
  expect(told()).not.toContain('fraud-model');
});

it('is tried again, and edited without typing the password again', async () => {
  other.fault({ kind: 'html', times: 1 });
  await ask('', 'Prices (MLflow at 127.0.0.1');
  await press('Test', 'Prices');
  await expect.poll(told).toContain('A web page answered');
  await press('Edit', 'Nothing that you typed is lost');
  await expect.poll(modal).toContain('Edit MLflow');
  expect(modal()).not.toContain(planted);
  await submit({ Name: 'Pricing' });
  await expect.poll(modal).toContain('Works.');
  await stage.slack.as(dev).press('Edit');
  await expect.poll(modal).toContain('Edit MLflow');
  const moved = await submit({ Address: stage.mlflow.url });
  expect(moved.errors?.['Password or token']).toContain('type it again for the new address');
  await stage.slack.as(dev).closeModal();
  const authorized = other.calls.filter(({ headers }) => headers.authorization?.startsWith('Basic ')).length;
  expect(authorized).toBe(other.calls.length);
});

const stamped = (secret: string, body: string) => {
  const time = String(Math.floor(Date.now() / 1000));
  const mac = createHmac('sha256', secret).update(`d1.${time}.${body}`).digest('base64');
  return { 'X-MLflow-Delivery-Id': 'd1', 'X-MLflow-Timestamp': time, 'X-MLflow-Signature': `v1,${mac}` };
};

it('where MLflow cannot be told, the way by hand is shown', async () => {
  other.fault({ kind: '500', path: 'webhooks', times: 3 });
  await ask('', 'Pricing (MLflow');
  await press('Let it post here', 'Pricing');
  await expect.poll(told, { timeout: 10_000 }).toContain('MLflow could not be told where to post');
  expect(told()).toContain('create_webhook');
  expect(await ask('', 'Pricing (MLflow')).toContain('Does not post here yet');
});

it('MLflow is told where to post, and what it posts is taken', async () => {
  await press('Let it post here', 'Pricing');
  await expect.poll(told).toContain('tells me from now on of new versions');
  expect(await ask('', 'Pricing (MLflow')).toContain('Posts here as mlflow');
  const [hook, ...more] = other.hooks();
  expect(more).toEqual([]);
  const body = JSON.stringify({
    entity: 'model_version_alias',
    action: 'created',
    timestamp: '2026-01-01T00:00:00+00:00',
    data: { name: 'churn-model', alias: 'champion', version: '15' },
  });
  const path = new URL(hook?.url ?? '').pathname;
  const answer = await stage.post(path, body, { authorization: '', ...stamped(hook?.secret ?? '', body) });
  expect(answer.status).toBe(202);
});

it('with a model the same words connect a tool that posts here, as before', async () => {
  expect(await ask('mlflow churn-model', 'shown only this once')).toContain('MLflow is connected as mlflow-2');
  expect(await ask('airflow churn-model', 'Airflow is connected as airflow')).toContain('on_failure_callback');
});

it('Airflow is shown what its DAGs have to say', async () => {
  await open('airflow', 'Connect Airflow');
  const url = await answering(401, 'application/json', '{"detail":"no"}')();
  await submit({ Address: url, ...password, Name: 'Training' });
  await expect.poll(modal, { timeout: 10_000 }).toContain('Nothing that you typed is lost');
  await stage.slack.as(dev).closeModal();
  await ask('', 'Training (Airflow at');
  // The one of MLflow posts already, so that this is the only such button.
  await press('Let it post here', 'Training');
  await expect.poll(told).toContain('on_failure_callback');
  expect(told()).toMatch(/pit_[\w-]{43}/);
  expect(await ask('', 'Training (Airflow at')).toContain('Posts here as airflow-2');
});

const raw = async (request: IncomingMessage) => new Uint8Array(await buffer(request));

it('a web-hook has its secret shown once, and is tried with a signed event', async () => {
  let secret = 'not pasted yet';
  const url = await serve((request, response) => {
    void raw(request).then((body) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const proven = verified('standard-webhooks', { secret, headers, body, now: new Date() });
      response.writeHead(proven === true ? 204 : 401).end();
    });
  });
  await open('webhook', 'Connect Web-hook');
  await submit({ Address: `${url}/deploy`, Name: 'Deployer' });
  await expect.poll(modal).toContain('shown only this once');
  const shown = /whsec_[\w/+=]{44}/.exec(modal())?.[0] ?? '';
  await stage.slack.as(dev).press('Test');
  await expect.poll(modal).toContain('A test event was answered with status 401. Is the secret there the one');
  secret = shown;
  await stage.slack.as(dev).press('Test');
  await expect.poll(modal).toContain('a test event was answered with status 204');
  await stage.slack.as(dev).closeModal();
  expect(await ask('', 'Deployer (Web-hook at')).not.toContain(shown);
});

it('what is forgotten asks first, and the registry of the install is asked again', async () => {
  await ask('forget pricing', 'Forget Pricing?');
  expect(await connectionNamed(stage.app.context, 'Pricing')).toMatchObject({ revokedAt: null });
  await press('Forget', 'Forget Pricing?');
  await expect.poll(told).toContain('Pricing is forgotten');
  await stage.slack.as(dev).command('/ml models import', room);
  await expect.poll(told).toContain('fraud-model');
  expect(await ask('test pricing', 'no connection named "pricing"')).toContain('/ml connect');
});

it('the password was seen by nobody, and nothing broke on the way', async () => {
  const people = [dev, olga].map((who) => stage.slack.as(who));
  const seen = people.flatMap((one) => [...one.ephemerals(), ...one.dm(), ...one.channel(room)]);
  const lines = await linesOf(stage.app.context.db, stage.app.workspace);
  const everything = JSON.stringify([seen, lines, stage.errors, await connectionsOf(stage.app.context)]);
  expect(everything.includes(planted)).toBe(false);
  expect(everything).toContain('connected Pric');
  expect(stage.errors).toEqual([]);
});
