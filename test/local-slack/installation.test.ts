import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { WebClient } from '@slack/web-api';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, refusal, socketApp, workspace } from './workspace.ts';

let slack: LocalSlack;
let web: WebClient;
beforeEach(async () => {
  slack = await workspace({ rateLimits: false });
  web = client(slack);
});
afterEach(() => slack.close());

const redirect_uri = 'https://pitcrew.example/slack/oauth_redirect';
const asked = (more: Record<string, string> = {}) =>
  `${slack.url}/oauth/v2/authorize?${new URLSearchParams({ client_id: 'client-id', scope: 'chat:write', state: 's1', redirect_uri, ...more }).toString()}`;
const given = { client_id: 'client-id', client_secret: 'client-secret', redirect_uri };

async function decide(answer: Record<string, string>, url = asked()): Promise<URL> {
  const led = await fetch(url, { method: 'POST', body: new URLSearchParams(answer), redirect: 'manual' });
  return new URL(led.headers.get('location') ?? '');
}

async function code(url = asked()): Promise<string> {
  const target = await decide({ user: 'U2', decision: 'allow' }, url);
  expect([target.origin + target.pathname, target.searchParams.get('state')]).toEqual([redirect_uri, 's1']);
  return target.searchParams.get('code') ?? '';
}

describe('installing', () => {
  test('leads back with a code, which is good for a token once', async () => {
    const one = { ...given, code: await code() };
    const installed = await web.oauth.v2.access(one);
    expect(installed).toMatchObject({ access_token: 'xoxb-local', bot_user_id: 'U0LOCALBOT', team: { id: 'T0LOCAL' } });
    expect(installed.authed_user).toEqual({ id: 'U2' });
    expect(await refusal(web.oauth.v2.access(one))).toMatchObject({ error: 'code_already_used' });
  });

  test('asks a person first, by a page that names the app, the workspace and what it may do', async () => {
    const page = await (await fetch(asked({ scope: 'chat:write,users:read' }))).text();
    expect(page).toContain('Add Tester to Local?');
    expect(page).toContain('<li>users:read</li>');
    expect([page.includes('Bo Ek'), page.includes('Cy Gone')]).toEqual([true, false]);
  });

  test('leads back without a code when the person does not want it', async () => {
    const target = await decide({ user: 'U1', decision: 'cancel' });
    expect(Object.fromEntries(target.searchParams)).toEqual({ error: 'access_denied', state: 's1' });
  });

  test('is not for people who left', async () => {
    const body = new URLSearchParams({ user: 'U3', decision: 'allow' });
    expect((await fetch(asked(), { method: 'POST', body })).status).toBe(400);
  });

  test('a code runs out after ten minutes', async () => {
    const one = { ...given, code: await code() };
    slack.pass(10 * 60_000 + 1);
    expect(await refusal(web.oauth.v2.access(one))).toMatchObject({ error: 'invalid_code' });
  });

  test.each([
    [{ code: 'guess' }, 'invalid_code'],
    [{ client_id: 'other' }, 'invalid_client_id'],
    [{ client_secret: 'other' }, 'bad_client_secret'],
    [{ redirect_uri: 'https://elsewhere.example' }, 'bad_redirect_uri'],
    [{ grant_type: 'password' as never }, 'invalid_grant_type'],
    [{ grant_type: 'refresh_token' as const, refresh_token: 'x' }, 'invalid_refresh_token'],
  ])('%o is refused', async (more, error) => {
    expect(await refusal(web.oauth.v2.access({ ...given, code: await code(), ...more }))).toMatchObject({ error });
  });

  test('says the address again in the exchange when it was said before, and only then', async () => {
    const { redirect_uri: _left, ...without } = given;
    expect(await refusal(web.oauth.v2.access({ ...without, code: await code() }))).toMatchObject({
      error: 'bad_redirect_uri',
    });
    const plain = `${slack.url}/oauth/v2/authorize?client_id=client-id&scope=chat:write`;
    const target = await decide({ user: 'U1', decision: 'allow' }, plain);
    expect(target.href).toMatch(/^https:\/\/pitcrew\.example\/slack\?code=\w+$/);
    const one = { ...without, code: target.searchParams.get('code') ?? '' };
    expect(await web.oauth.v2.access(one)).toMatchObject({ ok: true });
  });

  test('asks for nothing that the manifest does not name', async () => {
    expect((await fetch(asked({ scope: 'admin' }))).status).toBe(400);
    expect((await fetch(asked({ client_id: 'other' }))).status).toBe(400);
    expect((await fetch(asked({ scope: '' }))).status).toBe(400);
    expect((await fetch(asked({ redirect_uri: 'https://pitcrew.example/slackers' }))).status).toBe(400);
  });
});

test('an app that is removed hears of it, and its token is refused', async () => {
  const app = await socketApp(slack);
  onTestFinished(async () => void (await app.stop()));
  const heard: string[] = [];
  app.event('tokens_revoked', ({ event }) => Promise.resolve(void heard.push(event.type)));
  app.event('app_uninstalled', ({ event }) => Promise.resolve(void heard.push(event.type)));
  slack.uninstall();
  await expect.poll(() => heard.toSorted()).toEqual(['app_uninstalled', 'tokens_revoked']);
  expect(await refusal(web.auth.test())).toMatchObject({ error: 'account_inactive' });
});

test('revoking a token ends the installation, unless it is only tried', async () => {
  expect(await web.auth.revoke({ test: true })).toMatchObject({ revoked: false });
  expect(await web.auth.revoke()).toMatchObject({ revoked: true });
  expect(await refusal(web.auth.test())).toMatchObject({ error: 'account_inactive' });
});

test('an app removes itself when it knows its secret', async () => {
  const mine = { client_id: 'client-id', client_secret: 'client-secret' };
  const wrong = web.apps.uninstall({ ...mine, client_secret: 'guess' });
  expect(await refusal(wrong)).toMatchObject({ error: 'bad_client_secret' });
  expect(await refusal(web.apps.uninstall({ ...mine, client_id: 'other' }))).toMatchObject({
    error: 'invalid_client_id',
  });
  await web.apps.uninstall(mine);
  expect(await refusal(web.auth.test())).toMatchObject({ error: 'account_inactive' });
});

test('a request URL is taken when it gives the challenge back', async () => {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { challenge } = JSON.parse(body) as { challenge: string };
      response.end(request.url === '/right' ? JSON.stringify({ challenge }) : 'hello');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  expect(await slack.verifyUrl(`${base}/right`)).toBe(true);
  expect(await slack.verifyUrl(`${base}/wrong`)).toBe(false);
  expect(await slack.verifyUrl('http://127.0.0.1:9/none')).toBe(false);
});

describe('group messages', () => {
  test('are the same for the same people', async () => {
    const first = await web.conversations.open({ users: 'U1,U2' });
    const again = await web.conversations.open({ users: 'U2,U1', return_im: true });
    expect(again).toMatchObject({ already_open: true, channel: { id: first.channel?.id, is_mpim: true } });
    await web.chat.postMessage({ channel: first.channel?.id ?? '', text: 'Both of you' });
    const name = String(again.channel && 'name' in again.channel ? again.channel.name : '');
    expect([slack.as('U1').channel(name), slack.as('U2').channel(name)]).toEqual([['Both of you'], ['Both of you']]);
  });
  test('hold nobody who is gone, and not too many', async () => {
    expect(await refusal(web.conversations.open({ users: 'U1,U3' }))).toMatchObject({ error: 'user_disabled' });
    const many = Array.from({ length: 9 }, (_, n) => `U${n}`).join(',');
    expect(await refusal(web.conversations.open({ users: many }))).toMatchObject({ error: 'too_many_users' });
  });
});
