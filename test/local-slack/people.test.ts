import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, manifest, plain, refusal, socketApp, workspace } from './workspace.ts';

let slack: LocalSlack;
beforeEach(async () => {
  slack = await workspace({
    people: [
      { id: 'U1', name: 'ana', realName: 'Ana Lind', tz: 'Europe/Stockholm' },
      { id: 'U2', name: 'bo', realName: 'Bo Ek' },
      { id: 'U3', name: 'gus', realName: 'Gus Guest', kind: 'guest' },
      { id: 'U9', name: 'fay', realName: 'Fay Far', kind: 'foreign' },
    ],
    channels: [
      { id: 'C1', name: 'general', members: ['U1', 'U2', 'U0LOCALBOT'] },
      { id: 'C5', name: 'lobby', members: ['U1', 'U3', 'U0LOCALBOT'] },
      { id: 'C7', name: 'with-partners', members: ['U1', 'U9', 'U0LOCALBOT'], isShared: true },
    ],
    rateLimits: false,
  });
});
afterEach(() => slack.close());

async function listening() {
  const app = await socketApp(slack);
  onTestFinished(async () => void (await app.stop()));
  const heard: { event: Record<string, unknown>; body: Record<string, unknown> }[] = [];
  app.event('message', ({ event, body }) =>
    Promise.resolve(void heard.push({ event: { ...event }, body: { ...body } })),
  );
  return heard;
}

describe('what a person wrote', () => {
  test('they can change, and the app reads it before and after', async () => {
    const heard = await listening();
    const me = slack.as('U1');
    const { ts } = await me.say('helo', { channel: 'general' });
    expect(await me.edit('hello', 'general', ts)).toMatchObject({ ok: true });
    expect(me.channel('general').join()).toContain('hello');
    expect(heard.at(-1)?.event).toMatchObject({
      subtype: 'message_changed',
      hidden: true,
      message: { text: 'hello', edited: { user: 'U1' } },
      previous_message: { text: 'helo' },
    });
  });

  test('they can delete', async () => {
    const heard = await listening();
    const { ts } = await slack.as('U1').say('oops', { channel: 'general' });
    await slack.as('U1').remove('general', ts);
    expect(slack.as('U2').channel('general')).toEqual([]);
    expect(heard.at(-1)?.event).toMatchObject({
      subtype: 'message_deleted',
      deleted_ts: ts,
      previous_message: { text: 'oops' },
    });
  });

  test('nobody else can change', async () => {
    const { ts } = await slack.as('U1').say('mine', { channel: 'general' });
    expect(await slack.as('U2').edit('yours', 'general', ts)).toEqual({ ok: false, error: 'cant_update_message' });
    expect(await slack.as('U2').remove('general', ts)).toEqual({ ok: false, error: 'cant_update_message' });
  });
});

describe('people of another workspace', () => {
  test('are strangers of another team, in channels that say they are shared', async () => {
    const web = client(slack);
    expect((await web.users.info({ user: 'U9' })).user).toMatchObject({ team_id: 'T0FOREIGN', is_stranger: false });
    expect((await web.conversations.info({ channel: 'C7' })).channel).toMatchObject({
      is_shared: true,
      is_ext_shared: true,
    });
    expect((await web.conversations.info({ channel: 'C1' })).channel).toMatchObject({ is_ext_shared: false });
  });

  test('write and click under the id of their own team', async () => {
    const heard = await listening();
    await slack.as('U9').say('Hello from afar', { channel: 'with-partners' });
    expect(heard.at(-1)).toMatchObject({
      event: { team: 'T0FOREIGN', user_team: 'T0FOREIGN', user_profile: { real_name: 'Fay Far', team: 'T0FOREIGN' } },
      body: { is_ext_shared_channel: true, team_id: 'T0LOCAL' },
    });
  });

  test('have none of the commands and shortcuts, but may press', async () => {
    const app = await socketApp(slack);
    onTestFinished(async () => void (await app.stop()));
    const pressed: unknown[] = [];
    app.action('go', async ({ ack, body }) => {
      await ack();
      pressed.push(body.user);
    });
    const fay = slack.as('U9');
    expect(await fay.command('/try')).toEqual({ ok: false, error: 'unknown_command' });
    expect(await fay.shortcut('Start')).toEqual({ ok: false, error: 'unknown_shortcut' });
    const elements = [{ type: 'button' as const, action_id: 'go', text: plain('Go') }];
    await client(slack).chat.postMessage({ channel: 'C7', text: 'Go?', blocks: [{ type: 'actions', elements }] });
    await fay.press('Go');
    expect(pressed).toMatchObject([{ id: 'U9', team_id: 'T0FOREIGN' }]);
  });

  test('are strangers as long as they share nothing with the app', async () => {
    await slack.as('U1').kick('@tester', 'with-partners');
    expect((await client(slack).users.info({ user: 'U9' })).user).toMatchObject({ is_stranger: true });
  });

  test('come only into channels that are shared', async () => {
    expect(await slack.as('U1').invite('@fay', 'general')).toEqual({ ok: false, error: 'cant_invite' });
  });
});

test('the zone of a person goes with the season', async () => {
  const web = client(slack);
  slack.setClock(Date.UTC(2026, 10, 23));
  const winter = { tz: 'Europe/Stockholm', tz_label: 'Central European Standard Time', tz_offset: 3600 };
  expect((await web.users.info({ user: 'U1' })).user).toMatchObject(winter);
  slack.setClock(Date.UTC(2027, 6, 1));
  const summer = { tz: 'Europe/Stockholm', tz_label: 'Central European Summer Time', tz_offset: 7200 };
  expect((await web.users.info({ user: 'U1' })).user).toMatchObject(summer);
});

describe('a guest', () => {
  test('knows only the channels they are in, and changes none', async () => {
    const gus = slack.as('U3');
    expect(gus.channel('lobby')).toEqual([]);
    expect(() => gus.channel('general')).toThrow('gus does not see #general');
    expect(await gus.join('general')).toEqual({ ok: false, error: 'channel_not_found' });
    await expect(gus.createChannel('mine')).rejects.toThrow('restricted_action');
    expect(await gus.invite('@bo', 'lobby')).toEqual({ ok: false, error: 'restricted_action' });
    const page = await fetch(`${slack.url}/page/state?user=U3`);
    const { channels } = (await page.json()) as { channels: { name: string }[] };
    expect(channels.map(({ name }) => name)).toEqual(['lobby']);
  });
});

describe('somebody who was deactivated', () => {
  test('does nothing more, gets no DM, and is offered nowhere', async () => {
    const web = client(slack);
    slack.setPerson('U2', { deleted: true });
    await expect(slack.as('U2').say('still here', { channel: 'general' })).rejects.toThrow('user_not_found');
    expect(await refusal(web.conversations.open({ users: 'U2' }))).toMatchObject({ error: 'user_disabled' });
    expect(await slack.as('U1').invite('@bo', 'lobby')).toEqual({ ok: false, error: 'user_not_found' });
    const element = { type: 'users_select' as const, action_id: 'who', placeholder: plain('Who') };
    await web.chat.postMessage({ channel: 'C1', text: 'Who?', blocks: [{ type: 'actions', elements: [element] }] });
    await expect(slack.as('U1').choose('Who', 'bo')).rejects.toThrow('does not offer "bo"; it offers: ana');
  });
});

test('an app whose messages tab is only for reading is written to by nobody', async () => {
  const app_home = { messages_tab_enabled: true, messages_tab_read_only_enabled: true };
  const quiet = await workspace({ manifest: { ...manifest, features: { ...manifest.features, app_home } } });
  onTestFinished(() => quiet.close());
  await expect(quiet.as('U1').say('hello', { channel: 'dm' })).rejects.toThrow('messages_tab_disabled');
});
