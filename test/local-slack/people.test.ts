import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, socketApp, workspace } from './workspace.ts';

let slack: LocalSlack;
beforeEach(async () => {
  slack = await workspace({
    people: [
      { id: 'U1', name: 'ana', realName: 'Ana Lind', tz: 'Europe/Stockholm' },
      { id: 'U2', name: 'bo', realName: 'Bo Ek' },
      { id: 'U9', name: 'fay', realName: 'Fay Far', kind: 'foreign' },
    ],
    channels: [
      { id: 'C1', name: 'general', members: ['U1', 'U2', 'U0LOCALBOT'] },
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
    expect((await web.users.info({ user: 'U9' })).user).toMatchObject({ team_id: 'T0FOREIGN', is_stranger: true });
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
      event: { team: 'T0FOREIGN' },
      body: { is_ext_shared_channel: true, team_id: 'T0LOCAL' },
    });
  });
});
