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

async function code(): Promise<string> {
  const answer = await fetch(asked(), { redirect: 'manual' });
  const target = new URL(answer.headers.get('location') ?? '');
  expect([target.origin + target.pathname, target.searchParams.get('state')]).toEqual([redirect_uri, 's1']);
  return target.searchParams.get('code') ?? '';
}

describe('installing', () => {
  test('leads back with a code, which is good for a token once', async () => {
    const one = { ...given, code: await code() };
    const installed = await web.oauth.v2.access(one);
    expect(installed).toMatchObject({ access_token: 'xoxb-local', bot_user_id: 'U0LOCALBOT', team: { id: 'T0LOCAL' } });
    expect(await refusal(web.oauth.v2.access(one))).toMatchObject({ error: 'code_already_used' });
  });

  test.each([
    [{ code: 'guess' }, 'invalid_code'],
    [{ client_id: 'other' }, 'invalid_client_id'],
    [{ client_secret: 'other' }, 'bad_client_secret'],
    [{ redirect_uri: 'https://elsewhere.example' }, 'bad_redirect_uri'],
    [{ grant_type: 'refresh_token' as const, refresh_token: 'x' }, 'invalid_refresh_token'],
  ])('%o is refused', async (more, error) => {
    expect(await refusal(web.oauth.v2.access({ ...given, code: await code(), ...more }))).toMatchObject({ error });
  });

  test('asks for nothing that the manifest does not name', async () => {
    expect((await fetch(asked({ scope: 'admin' }))).status).toBe(400);
    expect((await fetch(asked({ client_id: 'other' }))).status).toBe(400);
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

describe('canvases', () => {
  const document_content = { type: 'markdown' as const, markdown: '# Post-mortem' };
  test('hold Markdown, on their own or in a channel', async () => {
    expect(await web.canvases.create({ title: 'Notes', document_content })).toMatchObject({ ok: true });
    const made = await web.conversations.canvases.create({ channel_id: 'C1', document_content });
    expect(String(made['canvas_id'])).toMatch(/^F/);
    expect(await refusal(web.conversations.canvases.create({ channel_id: 'C1', document_content }))).toMatchObject({
      error: 'channel_canvas_already_exists',
    });
  });
  test('are refused when they are too long or nowhere', async () => {
    const long = { type: 'markdown' as const, markdown: 'x'.repeat(1024 * 1024 + 1) };
    expect(await refusal(web.canvases.create({ document_content: long }))).toMatchObject({
      error: 'canvas_creation_failed',
    });
    expect(await refusal(web.conversations.canvases.create({ channel_id: 'C2' }))).toMatchObject({
      error: 'not_in_channel',
    });
  });
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
