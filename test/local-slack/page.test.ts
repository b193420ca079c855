import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, workspace } from './workspace.ts';

let slack: LocalSlack;

beforeAll(async () => {
  slack = await workspace({ rateLimits: false });
});
afterAll(() => slack.close());

async function act(body: object): Promise<unknown> {
  return (await fetch(`${slack.url}/page/act`, { method: 'POST', body: JSON.stringify(body) })).json();
}

async function state(user: string): Promise<unknown> {
  return (await fetch(`${slack.url}/page/state?user=${user}`)).json();
}

test('the state holds what one viewer may see', async () => {
  await client(slack).chat.postEphemeral({ channel: 'C1', user: 'U1', text: 'for ana' });
  expect(await state('U1')).toMatchObject({
    team: { id: 'T0LOCAL' },
    app: { name: 'Tester', botUserId: 'U0LOCALBOT', homeTab: true },
    me: { id: 'U1', name: 'ana', tz: 'Europe/Stockholm' },
    commands: [{ command: '/try', usageHint: '[what]', description: 'Try it' }, { command: '/slow' }],
    shortcuts: [
      { callbackId: 'start', type: 'global' },
      { callbackId: 'look', type: 'message' },
    ],
    channels: [
      { id: 'C1', kind: 'channel', unread: 1, messages: [{ text: 'for ana', ephemeral: true, botName: 'tester' }] },
      { id: 'C2' },
      { id: 'C3' },
    ],
    views: [],
    home: null,
  });
  expect(await state('U2')).toMatchObject({
    channels: [
      { id: 'C1', messages: [] },
      { id: 'C2', messages: [] },
    ],
  });
});

test('a message written on the page is there for all', async () => {
  expect(await act({ kind: 'message', user: 'U1', channel: 'C1', text: 'hi @bo <all>' })).toMatchObject({ ok: true });
  expect(slack.as('U2').channel('general').at(-1)).toBe('hi @bo <all>');
});

test('what makes no sense is refused', async () => {
  expect(await act({ kind: 'dance', user: 'U1' })).toMatchObject({
    ok: false,
    error: expect.stringContaining('invalid_act'),
  });
  expect(await act({ kind: 'open_home', user: 'U9' })).toEqual({ ok: false, error: 'user_not_found' });
  expect(await act({ kind: 'submit', user: 'U1', view_id: 'V9' })).toEqual({ ok: false, error: 'not_found' });
});

test('a page hears of changes it can see, bundled, and of toasts', async () => {
  const heard: Record<string, unknown[]> = { U1: [], U2: [] };
  const open = Object.keys(heard).map((user) => {
    const socket = new WebSocket(`${slack.url.replace('http', 'ws')}/page/live?user=${user}`);
    socket.addEventListener('message', ({ data }) => heard[user]?.push(JSON.parse(String(data))));
    return new Promise<WebSocket>((resolve) => socket.addEventListener('open', () => resolve(socket)));
  });
  const sockets = await Promise.all(open);
  for (const text of ['1', '2', '3']) await client(slack).chat.postEphemeral({ channel: 'C1', user: 'U1', text });
  await vi.waitFor(() => expect(heard['U1']).toEqual([{ type: 'changed' }]));
  await act({ kind: 'command', user: 'U1', channel: 'C1', text: '/try' });
  expect(heard['U1']?.at(-1)).toEqual({ type: 'toast', text: '/try failed with the error "dispatch_failed"' });
  expect(heard['U2']).toEqual([]);
  for (const socket of sockets) socket.close();
});

test('the page is served with its libraries, and nothing beside it', async () => {
  const get = async (path: string) => {
    const answer = await fetch(`${slack.url}${path}`);
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  };
  const javascript = 'text/javascript; charset=utf-8';
  for (const name of ['preact', 'htm', 'hooks'])
    expect(await get(`/vendor/${name}.js`)).toMatchObject({ status: 200, type: javascript });
  expect((await get('/vendor/hooks.js')).text).toContain('"/vendor/preact.js"');
  for (const path of ['/page/..%2Fapi.ts', '/page/nothing.ts', '/vendor/zod.js'])
    expect(await get(path)).toMatchObject({ status: 404 });
});

test('faults can be ordered from the page', async () => {
  await fetch(`${slack.url}/page/fault`, {
    method: 'POST',
    body: JSON.stringify({ method: 'team.info', kind: 'http500', times: 1 }),
  });
  await expect(client(slack).team.info()).rejects.toThrow('500');
  expect(await client(slack).team.info()).toMatchObject({ team: { id: 'T0LOCAL' } });
});
