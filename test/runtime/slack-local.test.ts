import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Context } from '../../src/context.ts';
import { type Doors, onAction, onCommand, onEvent, onForm } from '../../src/doors.ts';
import { Refusal } from '../../src/lib/refusal.ts';
import { startLocalSlack } from '../../src/local-slack/local-slack.ts';
import { startHttp } from '../../src/runtime/http.ts';
import { slackApi, slackClient } from '../../src/runtime/slack-api.ts';
import { startSlack } from '../../src/runtime/slack.ts';
import { address, button } from '../../src/slack/address.ts';
import { buttons, message, section, sentence } from '../../src/slack/blocks.ts';
import { form } from '../../src/slack/forms.ts';
import { textField } from '../../src/slack/fields.ts';
import { md } from '../../src/slack/mrkdwn.ts';
import { watchWrites } from '../support/writes.ts';
import { zoneData } from '../../src/time/zones.ts';
import { it, type Site } from './support.ts';

const bump = address('test.bump', z.object({ by: z.number() }));
const ask = address('test.ask', z.object({}));
const why = form('test.why', { title: 'Why', submit: 'Send' }, z.object({ id: z.number() }), {
  reason: textField('Reason', { min: 5 }),
});

function counting() {
  const done: string[] = [];
  const card = message(
    md`The card.`,
    section(md`The card.`),
    buttons(button('Bump', bump, { by: 2 }), button('Ask', ask, {})),
  );
  const doors: Doors = {
    commands: [
      onCommand('card', 'Shows a card', async () => ({ say: card })),
      onCommand('slow', 'Takes its time', async () => {
        await wait(400);
        return { say: sentence(md`At last.`) };
      }),
      onCommand('break', 'Breaks', () => Promise.reject(new TypeError('undefined is not a function'))),
      onCommand('standup', 'Your standup', async () => ({ say: sentence(md`Your standup.`) })),
    ],
    actions: [
      onAction(bump, async (_, who, { by }) => {
        done.push(`${who.id} ${by}`);
        return { say: sentence(md`Bumped by ${by}.`) };
      }),
      onAction(ask, async () => ({ open: why.view({ id: 7 }) })),
    ],
    forms: [
      onForm(why, async (_, who, { carries, values }) => {
        if (values.reason === 'nothing') throw new Refusal('That is no reason.');
        if (values.reason === 'slow one' || values.reason === 'slow bad') await wait(400);
        if (values.reason === 'slow bad') throw new Refusal('Slow, and no reason.');
        done.push(`${who.id} ${carries.id} ${values.reason}`);
        return { say: sentence(md`Thank you.`) };
      }),
    ],
    events: [
      onEvent('app_home_opened', z.object({ user: z.string() }), async () => ({
        home: { type: 'home', blocks: [section(md`Your home.`), buttons(button('Bump', bump, { by: 9 }))] },
      })),
    ],
  };
  return { doors, done };
}

const command = (name: string) => ({ command: name, description: name, should_escape: true });
const manifest = {
  display_information: { name: 'Test' },
  features: {
    app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
    bot_user: { display_name: 'Test', always_online: true },
    slash_commands: [command('/ml'), command('/ml-standup')],
  },
  oauth_config: {
    scopes: {
      bot: [
        'commands',
        'chat:write',
        'chat:write.public',
        'im:write',
        'users:read',
        'channels:history',
        'files:write',
        'channels:manage',
        'channels:read',
        'groups:read',
      ],
    },
  },
  settings: {
    event_subscriptions: { bot_events: ['app_home_opened'] },
    interactivity: { is_enabled: true },
    socket_mode_enabled: true,
  },
};

async function open(site: Site, mode: 'socket' | 'http', patienceMs = 2500) {
  const writes = watchWrites();
  const slack = await startLocalSlack({
    onWrite: writes.onWrite,
    people: [
      { id: 'UADA', name: 'ada', realName: 'Ada' },
      { id: 'UBEN', name: 'ben', realName: 'Ben' },
    ],
    channels: [{ id: 'CML', name: 'ml', members: ['UADA', 'UBEN', 'U0LOCALBOT'] }],
    manifest,
  });
  const { doors, done } = counting();
  const { log } = site;
  const { bot, app: appToken, signingSecret } = slack.tokens;
  const client = slackClient({ token: bot, slackApiUrl: slack.apiUrl, log });
  const ctx: Context = { ...site.ctx, workspace: slack.team.id, slack: slackApi(client) };
  const contextFor = (workspace: string) => (workspace === slack.team.id ? ctx : undefined);
  const app = await startSlack({
    config: {
      slack: mode === 'socket' ? { mode, botToken: bot, appToken } : { mode, botToken: bot, signingSecret },
      slackApiUrl: slack.apiUrl,
    },
    doors: [doors],
    contextFor,
    wake: () => undefined,
    menu: () => sentence(md`The menu.`),
    home: () => ({ type: 'home', blocks: [section(md`The Home tab.`)] }),
    log,
    patienceMs,
    clientPingTimeout: 200,
  });
  const server = await startHttp({
    doors: [],
    port: 0,
    host: '127.0.0.1',
    version: '1',
    zones: zoneData(),
    apiToken: undefined,
    apiContext: () => ctx,
    contextFor,
    hookFor: () => Promise.resolve(undefined),
    ping: () => Promise.resolve(),
    slack: app.listener,
    wake: () => undefined,
    log,
  });
  if (mode === 'http') slack.deliverTo(`${server.url}/slack/events`);
  onTestFinished(async () => {
    await app.stop();
    await server.stop();
    await slack.close();
    writes.assertAllTaken();
  });
  const ada = slack.as('UADA');
  const shown = async () => ada.ephemerals().at(-1) ?? '';
  return { slack, ada, app, done, ctx, shown };
}

describe.each(['socket', 'http'] as const)('over %s', (mode) => {
  it('answers commands, also by their direct names', async ({ site }) => {
    const { ada, shown } = await open(site, mode);
    expect(await ada.command('/ml', 'ml')).toMatchObject({ ok: true });
    await expect.poll(shown).toContain('The menu.');
    await ada.command('/ml help', 'ml');
    await expect.poll(shown).toContain('/ml card');
    await ada.command('/ml-standup', 'ml');
    await expect.poll(shown).toContain('Your standup.');
    await ada.command('/ml crad', 'ml');
    await expect.poll(shown).toContain('Did you mean');
  });

  it('answers a button, a form, a mistake in it, and thanks', async ({ site }) => {
    const { ada, done, shown } = await open(site, mode);
    await ada.command('/ml card', 'ml');
    await ada.press('Bump');
    await expect.poll(shown).toContain('Bumped by 2.');
    await ada.press('Ask');
    await expect.poll(() => ada.modal()).toContain('Why');
    expect(await ada.submit({ Reason: '      a' })).toMatchObject({
      errors: { Reason: 'Say it in at least 5 characters.' },
    });
    await ada.submit({ Reason: 'nothing' });
    expect(ada.modal()).toContain('That is no reason.');
    expect(ada.modal()).toContain('nothing');
    await ada.submit({ Reason: 'good reason' });
    expect(ada.modal()).toBeUndefined();
    expect(done).toEqual(['UADA 2', 'UADA 7 good reason']);
    await expect.poll(() => ada.dm().join()).toContain('Thank you.');
  });

  it('shows the Home tab, and answers a button on it by direct message, and is drawn again', async ({ site }) => {
    const { ada, done, slack } = await open(site, mode);
    expect(await ada.home()).toContain('Your home.');
    await ada.press('Bump');
    await expect.poll(() => ada.dm().join()).toContain('Bumped by 9.');
    expect(done).toEqual(['UADA 9']);
    await expect.poll(() => slack.calls('views.publish').length).toBe(2);
  });

  it('answers later when the work is slow', async ({ site }) => {
    const { ada, shown } = await open(site, mode, 50);
    expect(await ada.command('/ml slow', 'ml')).toMatchObject({ ok: true });
    await expect.poll(shown, { timeout: 3000 }).toContain('At last.');
  });

  it('turns a slow form into what came of it, and gives back what was typed', async ({ site }) => {
    const { ada, done } = await open(site, mode, 50);
    await ada.command('/ml card', 'ml');
    await ada.press('Ask');
    await ada.submit({ Reason: 'slow bad' });
    await expect.poll(() => ada.modal(), { timeout: 3000 }).toContain('Slow, and no reason.');
    expect(ada.modal()).toContain('slow bad');
    await ada.submit({ Reason: 'slow one' });
    await expect.poll(() => ada.modal(), { timeout: 3000 }).toContain('Done.');
    expect(done).toEqual(['UADA 7 slow one']);
  });

  it('shows the reference of a bug', async ({ site }) => {
    const { ada, shown } = await open(site, mode);
    await ada.command('/ml break', 'ml');
    await expect.poll(shown).toMatch(/Something broke on our side and nothing was changed.*[0-9a-f]{8}/);
  });
});

it('holds two sockets, and gets them back when Slack renews or drops them', async ({ site }) => {
  const { slack, ada, app, shown } = await open(site, 'socket');
  expect(slack.sockets()).toBe(2);
  slack.disconnectSockets('refresh_requested');
  await expect.poll(() => slack.sockets(), { timeout: 5000 }).toBe(2);
  slack.dropSockets();
  await expect.poll(() => slack.sockets()).toBeLessThan(2);
  await expect.poll(() => slack.sockets(), { timeout: 5000 }).toBe(2);
  expect(await ada.command('/ml card', 'ml')).toMatchObject({ ok: true });
  await expect.poll(shown).toContain('The card.');
  await app.stop();
  await expect.poll(() => slack.sockets()).toBe(0);
});

it('finishes running work before the sockets close', async ({ site }) => {
  const { ada, app, shown } = await open(site, 'socket');
  const asked = ada.command('/ml slow', 'ml');
  await wait(100);
  await app.stop();
  expect(await asked).toMatchObject({ ok: true });
  expect(await shown()).toContain('At last.');
});

it('tells apart what Slack did, refused, or may have done', async ({ site }) => {
  const { slack, ctx } = await open(site, 'http');
  const to = { channel: 'CML', message: sentence(md`Hello.`), marker: 'm1' };
  slack.fault({ method: 'chat.postMessage', kind: 'ratelimited', times: 1, retryAfter: 3 });
  expect(await ctx.slack.post(to)).toEqual({ ok: false, why: 'rate_limited', retryAfterMs: 3000 });
  slack.fault({ method: 'chat.postMessage', kind: 'http500', times: 1 });
  expect(await ctx.slack.post(to)).toMatchObject({ ok: false, why: 'unclear' });
  expect(await ctx.slack.post({ ...to, channel: 'CNONE' })).toEqual({
    ok: false,
    why: 'refused',
    code: 'channel_not_found',
  });
  expect(await ctx.slack.person('UADA')).toMatchObject({ ok: true, value: { standing: 'member' } });
  slack.setPerson('UBEN', { deleted: true });
  expect(await ctx.slack.person('UBEN')).toMatchObject({ ok: true, value: { standing: 'deactivated' } });
  expect(await ctx.slack.person('UNOBODY')).toEqual({ ok: false, why: 'refused', code: 'user_not_found' });
});

it('finds its own message by its marker, in a channel and in a thread', async ({ site }) => {
  const { slack, ctx } = await open(site, 'http');
  const channel = 'CML';
  const since = new Date();
  const post = (marker: string, threadTs?: string) =>
    ctx.slack.post({ channel, marker, message: sentence(md`Hello.`), ...(threadTs && { threadTs }) });
  slack.fault({ method: 'chat.postMessage', kind: 'lostAnswer', times: 1 });
  expect(await post('card:1')).toMatchObject({ ok: false, why: 'unclear' });
  const found = await ctx.slack.find({ channel, marker: 'card:1', since });
  const ts = found.ok ? (found.value.ts ?? '') : '';
  expect(ts).toMatch(/^\d+\.\d+$/);
  await post('card:1:note', ts);
  expect(await ctx.slack.find({ channel, marker: 'card:1:note', since, threadTs: ts })).toMatchObject({
    ok: true,
    value: { ts: expect.stringMatching(/^\d/) },
  });
  expect(await ctx.slack.find({ channel, marker: 'card:2', since })).toEqual({ ok: true, value: {} });
});

it('uploads a picture with its words', async ({ site }) => {
  const { slack, ctx } = await open(site, 'http');
  const bytes = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
    'base64',
  );
  const uploaded = await ctx.slack.upload({ name: 'psi.png', alt: 'PSI rose to 0.31', bytes });
  expect(uploaded).toMatchObject({ ok: true, value: { file: expect.stringMatching(/^F/) } });
  expect(JSON.stringify(slack.save())).toContain('PSI rose to 0.31');
});
