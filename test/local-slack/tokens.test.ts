import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { methods } from '../../src/local-slack/methods/methods.ts';
import { manifest, workspace } from './workspace.ts';

let slack: LocalSlack;
beforeAll(async () => {
  const bare = { ...manifest, features: { bot_user: { display_name: 'bare' } }, oauth_config: {}, settings: {} };
  slack = await workspace({ manifest: bare, rateLimits: false });
});
afterAll(() => slack.close());

async function call(name: string, token: string, args: object = {}): Promise<unknown> {
  const headers = { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${slack.apiUrl}${name}`, { method: 'POST', headers, body: JSON.stringify(args) });
  return answer.json();
}

const all = Object.entries(methods).map(([name, method]) => ({ name, ...method }));

describe('every method that wants a token', () => {
  const those = all.filter(({ token }) => token !== 'none');
  test.each(those)('$name wants the right one', async ({ name, token }) => {
    const wrong = token === 'bot' ? slack.tokens.app : slack.tokens.bot;
    expect(await call(name, '')).toEqual({ ok: false, error: 'not_authed' });
    expect(await call(name, 'xoxb-nobody')).toEqual({ ok: false, error: 'invalid_auth' });
    expect(await call(name, wrong)).toEqual({ ok: false, error: 'not_allowed_token_type' });
  });
});

describe('every method with scopes', () => {
  const those = all.filter(({ scopes }) => scopes.length > 0);
  test.each(those)('$name names the one that is missing', async ({ name, scopes }) => {
    const refused = { ok: false, error: 'missing_scope', needed: scopes.join(','), provided: '' };
    expect(await call(name, slack.tokens.bot)).toEqual(refused);
  });
});

describe('what a conversation is decides which scope is needed', () => {
  const channel = 'C1';
  test.each([
    ['conversations.archive', { channel }, 'channels:manage'],
    ['conversations.create', { name: 'new' }, 'channels:manage'],
    ['conversations.create', { name: 'new', is_private: true }, 'groups:write'],
    ['conversations.history', { channel }, 'channels:history'],
    ['conversations.info', { channel }, 'channels:read'],
    ['conversations.invite', { channel, users: 'U2' }, 'channels:manage'],
    ['conversations.list', {}, 'channels:read'],
    ['conversations.list', { types: 'private_channel' }, 'groups:read'],
    ['conversations.list', { types: 'im' }, 'im:read'],
    ['conversations.list', { types: 'mpim' }, 'mpim:read'],
    ['conversations.members', { channel }, 'channels:read'],
    ['conversations.replies', { channel, ts: '1.000001' }, 'channels:history'],
    ['conversations.setPurpose', { channel, purpose: 'x' }, 'channels:manage'],
    ['conversations.setTopic', { channel, topic: 'x' }, 'channels:manage'],
  ])('%s of %o', async (name, args, needed) => {
    expect(await call(name, slack.tokens.bot, args)).toMatchObject({ error: 'missing_scope', needed });
  });
});

test.each(['chat.postMessage', 'conversations.info', 'users.info', 'reactions.add', 'canvases.edit'])(
  '%s without its arguments says which one it misses',
  async (name) => {
    const full = await workspace({ rateLimits: false });
    const headers = { authorization: `Bearer ${full.tokens.bot}` };
    const answer = await fetch(`${full.apiUrl}${name}`, { method: 'POST', headers });
    expect(await answer.json()).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: expect.arrayContaining([expect.stringMatching(/^\[ERROR\] missing required/)]) },
    });
    await full.close();
  },
);
