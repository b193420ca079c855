import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebClient } from '@slack/web-api';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, manifest, refusal, workspace } from './workspace.ts';

let slack: LocalSlack;
let web: WebClient;
beforeEach(async () => {
  const bot = [...manifest.oauth_config.scopes.bot, 'usergroups:read'];
  slack = await workspace({
    rateLimits: false,
    manifest: { ...manifest, oauth_config: { scopes: { bot } } },
    userGroups: [{ id: 'S1', handle: 'ml-oncall', name: 'On call', users: ['U1'] }],
  });
  web = client(slack);
});
afterEach(() => slack.close());

async function dm(): Promise<string> {
  return (await web.conversations.open({ users: 'U1' })).channel?.id ?? '';
}

describe('channels', () => {
  test('are joined once; joining again only warns', async () => {
    expect(await web.conversations.join({ channel: 'C2' })).toMatchObject({ channel: { is_member: true } });
    expect(await web.conversations.join({ channel: 'C2' })).toMatchObject({ ok: true, warning: 'already_in_channel' });
    expect(await refusal(web.conversations.join({ channel: 'C9' }))).toMatchObject({ error: 'channel_not_found' });
    expect(await refusal(web.conversations.join({ channel: await dm() }))).toMatchObject({
      error: 'method_not_supported_for_channel_type',
    });
  });

  test('are described, with the number of their members on request', async () => {
    expect((await web.conversations.info({ channel: 'C1' })).channel).not.toHaveProperty('num_members');
    expect((await web.conversations.info({ channel: 'C1', include_num_members: true })).channel).toMatchObject({
      name: 'general',
      is_general: true,
      num_members: 3,
    });
    expect(await refusal(web.conversations.info({ channel: 'C3' }))).toMatchObject({ error: 'channel_not_found' });
    expect(await refusal(web.conversations.members({ channel: 'C1', limit: 1001 }))).toMatchObject({
      error: 'invalid_limit',
    });
  });

  test('are listed by kind, archived ones on request only', async () => {
    const { channel } = await web.conversations.create({ name: 'old' });
    await web.conversations.archive({ channel: channel?.id ?? '' });
    await dm();
    const names = async (asked: object) =>
      (await web.conversations.list(asked)).channels?.map(({ id, name }) => name ?? id);
    expect(await names({})).toEqual(['general', 'elsewhere', 'old']);
    expect(await names({ exclude_archived: true })).toEqual(['general', 'elsewhere']);
    expect(await names({ types: 'private_channel' })).toEqual([]);
    expect(await names({ types: 'im' })).toEqual([expect.stringMatching(/^D/)]);
    expect(await refusal(names({ types: 'secret' }))).toMatchObject({ error: 'invalid_types' });
    expect(await refusal(names({ cursor: 'nonsense' }))).toMatchObject({ error: 'invalid_cursor' });
  });

  test('have a topic and a purpose; direct messages have none', async () => {
    expect(await web.conversations.setPurpose({ channel: 'C1', purpose: 'All' })).toMatchObject({
      channel: { purpose: { value: 'All', creator: 'U0LOCALBOT' } },
    });
    const error = 'method_not_supported_for_channel_type';
    expect(await refusal(web.conversations.setTopic({ channel: await dm(), topic: 'x' }))).toMatchObject({ error });
    expect(await refusal(web.conversations.archive({ channel: await dm() }))).toMatchObject({ error });
    expect(await refusal(web.conversations.setPurpose({ channel: 'C2', purpose: 'x' }))).toMatchObject({
      error: 'not_in_channel',
    });
    expect(await refusal(web.conversations.archive({ channel: 'C1' }))).toMatchObject({
      error: 'cant_archive_general',
    });
  });

  test('take nobody when nobody is named, and those who can come when it is forced', async () => {
    const { channel } = await web.conversations.create({ name: 'team' });
    const id = channel?.id ?? '';
    expect(await refusal(web.conversations.invite({ channel: id, users: '' }))).toMatchObject({ error: 'no_user' });
    expect(await refusal(web.conversations.invite({ channel: id, users: 'U1,U3' }))).toMatchObject({
      error: 'user_not_found',
      errors: [{ user: 'U3', ok: false, error: 'user_not_found' }],
    });
    expect(await web.conversations.invite({ channel: id, users: 'U1,U3', force: true })).toMatchObject({ ok: true });
    expect((await web.conversations.members({ channel: id })).members).toEqual(['U0LOCALBOT', 'U1']);
  });

  test('tell of a thread that is not there', async () => {
    expect(await refusal(web.conversations.replies({ channel: 'C1', ts: '1.000001' }))).toMatchObject({
      error: 'thread_not_found',
    });
    expect(await refusal(web.conversations.history({ channel: 'C1', oldest: 'monday' }))).toMatchObject({
      error: 'invalid_ts_oldest',
    });
  });
});

describe('a direct message', () => {
  test('is opened by its people or by its own id', async () => {
    const id = await dm();
    expect(await web.conversations.open({ users: 'U1' })).toMatchObject({ already_open: true, channel: { id } });
    expect(await web.conversations.open({ channel: id, return_im: true })).toMatchObject({
      channel: { id, is_im: true, user: 'U1' },
    });
    expect(await refusal(web.conversations.open({ channel: 'C1' }))).toMatchObject({
      error: 'method_not_supported_for_channel_type',
    });
    expect(await refusal(web.conversations.open({} as never))).toMatchObject({ error: 'users_list_not_supplied' });
  });
});

describe('people and the workspace', () => {
  test('are found by address, listed in pages, and by group', async () => {
    expect(await web.users.lookupByEmail({ email: 'ana@example.com' })).toMatchObject({ user: { id: 'U1' } });
    const first = await web.users.list({ limit: 3 });
    const rest = await web.users.list({ limit: 3, cursor: first.response_metadata?.next_cursor ?? '' });
    expect([...(first.members ?? []), ...(rest.members ?? [])].map(({ id }) => id)).toEqual([
      'U1',
      'U2',
      'U3',
      'U0LOCALBOT',
    ]);
    expect(await refusal(web.users.list({ cursor: 'nonsense' }))).toMatchObject({ error: 'invalid_cursor' });
  });

  test('are in user groups', async () => {
    expect((await web.usergroups.list()).usergroups?.[0]).not.toHaveProperty('users');
    expect((await web.usergroups.list({ include_users: true, include_count: true })).usergroups).toMatchObject([
      { handle: 'ml-oncall', users: ['U1'], user_count: 1 },
    ]);
    expect(await web.usergroups.users.list({ usergroup: 'S1' })).toMatchObject({ users: ['U1'] });
    expect(await refusal(web.usergroups.users.list({ usergroup: 'S9' }))).toMatchObject({ error: 'no_such_subteam' });
  });

  test('say who is asking', async () => {
    expect(await web.team.info()).toMatchObject({ team: { id: 'T0LOCAL', name: 'Local', domain: 'local' } });
    expect(await web.auth.test()).toMatchObject({ user_id: 'U0LOCALBOT', bot_id: 'B0LOCAL', team: 'Local' });
  });
});
