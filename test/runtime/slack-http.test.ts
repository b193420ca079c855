import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Context } from '../../src/context.ts';
import { type Doors, onAction, onCommand, onEvent, onForm } from '../../src/doors.ts';
import { Refusal } from '../../src/lib/refusal.ts';
import { startHttp } from '../../src/runtime/http.ts';
import { slackApi, slackClient } from '../../src/runtime/slack-api.ts';
import { startSlack } from '../../src/runtime/slack.ts';
import { address } from '../../src/slack/address.ts';
import { section, sentence } from '../../src/slack/blocks.ts';
import { form } from '../../src/slack/forms.ts';
import { textField } from '../../src/slack/fields.ts';
import { md } from '../../src/slack/mrkdwn.ts';
import { zoneData } from '../../src/time/zones.ts';
import { it, type Site } from './support.ts';
import { interactionBody, signed, signingSecret, slashBody, tinySlack } from './tiny-slack.ts';

const press = address('test.press', z.object({ id: z.number() }));
const why = form('test.why', { title: 'Why', submit: 'Send' }, z.object({}), {
  reason: textField('Reason', { min: 5 }),
});

/** An app of a few doors that count what they do. */
function counting() {
  const done: string[] = [];
  const doors: Doors = {
    commands: [
      onCommand('count', 'Counts', async () => {
        done.push('count');
        return { say: sentence(md`Counted to ${done.length}.`) };
      }),
      onCommand('slow', 'Takes its time', async () => {
        await wait(300);
        done.push('slow');
        return { say: sentence(md`At last.`) };
      }),
      onCommand('break', 'Breaks', () => Promise.reject(new TypeError('undefined is not a function'))),
      onCommand('refuse', 'Refuses', () => Promise.reject(new Refusal('You may <not>.'))),
      onCommand('why', 'Opens a form', async () => ({ open: why.view({}) })),
    ],
    actions: [
      onAction(press, async (_, who, { id }) => {
        done.push(`press ${id} by ${who.id} in ${who.channel}`);
        return { say: sentence(md`Pressed.`) };
      }),
    ],
    forms: [
      onForm(why, async (_, who, { values }) => {
        if (values.reason === 'nothing') throw new Refusal('That is no reason.');
        if (values.reason === 'slow enough') await wait(300);
        done.push(`why ${values.reason}`);
        return { say: sentence(md`Thank you.`) };
      }),
    ],
    events: [
      onEvent('member_joined_channel', z.object({ user: z.string() }), async (_, { user }) => {
        if (user === 'UBROKEN') throw new Error('no');
        done.push(`joined ${user}`);
      }),
    ],
  };
  return { doors, done };
}

async function open(site: Site, patienceMs = 2500) {
  const slack = await tinySlack();
  const { doors, done } = counting();
  const { log } = site;
  const client = slackClient({ token: 'xoxb-1', slackApiUrl: slack.apiUrl, log });
  const ctx: Context = { ...site.ctx, slack: slackApi(client) };
  const contextFor = (workspace: string) => (workspace === 'T1' ? ctx : undefined);
  const app = await startSlack({
    config: { slack: { mode: 'http', botToken: 'xoxb-1', signingSecret }, slackApiUrl: slack.apiUrl },
    doors: [doors],
    contextFor,
    wake: () => undefined,
    menu: () => sentence(md`The menu.`),
    home: () => ({ type: 'home', blocks: [section(md`The Home tab.`)] }),
    log,
    patienceMs,
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
  onTestFinished(async () => {
    await app.stop();
    await server.stop();
  });
  const post = (
    body: string,
    headers: Record<string, string> = signed(body),
    type = 'application/x-www-form-urlencoded',
  ) => fetch(`${server.url}/slack/events`, { method: 'POST', headers: { 'content-type': type, ...headers }, body });
  const said = async (answer: Response) => {
    const text = await answer.text();
    return text ? z.object({ text: z.string() }).parse(JSON.parse(text)).text : '';
  };
  const ml = async (text: string) => said(await post(slashBody({ text, response_url: slack.responseUrl })));
  return { slack, app, done, post, ml, said };
}

const click = (fields: object, action: object = {}) =>
  interactionBody({
    type: 'block_actions',
    user: { id: 'U1', team_id: 'T1' },
    team: { id: 'T1' },
    channel: { id: 'C1' },
    container: { type: 'message', message_ts: '5.5', channel_id: 'C1' },
    trigger_id: 'tr',
    actions: [{ type: 'button', action_id: 'test.press', action_ts: '7.7', value: '{"id":4}', ...action }],
    ...fields,
  });

const submission = (reason: string, hash = 'h1', team = 'T1') =>
  interactionBody({
    type: 'view_submission',
    user: { id: 'U1', team_id: team },
    team: { id: team },
    trigger_id: 'tr',
    view: {
      id: 'V1',
      hash,
      ...why.view({}),
      state: { values: { reason: { reason: { type: 'plain_text_input', value: reason } } } },
      clear_on_close: false,
      notify_on_close: false,
    },
  });

const ViewAnswer = z.object({
  response_action: z.string(),
  errors: z.record(z.string(), z.string()).optional(),
  view: z
    .looseObject({ callback_id: z.string().optional(), blocks: z.array(z.looseObject({ type: z.string() })) })
    .optional(),
});

it('answers a command in the receipt', async ({ site }) => {
  const { ml, slack } = await open(site);
  expect(await ml('count')).toBe('Counted to 1.');
  expect(await ml('')).toBe('The menu.');
  expect(await ml('help')).toContain('5 commands');
  expect(await ml('cuont')).toContain('/ml count');
  expect(await ml('refuse')).toBe('You may &lt;not&gt;.');
  expect(slack.answered).toEqual([]);
});

it('refuses what Slack did not sign, what is old, and what is from the future', async ({ site }) => {
  const { post, done } = await open(site);
  const body = slashBody({ text: 'count' });
  const now = Math.floor(Date.now() / 1000);
  const wrong = [
    {},
    signed(body, now, 'another secret'),
    signed(body, now - 400),
    signed(body, now + 3600),
    signed('x'),
  ];
  const answers = await Promise.all(wrong.map((headers) => post(body, headers)));
  expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401, 401, 401]);
  expect((await post(body, signed(body, now + 30))).status).toBe(200);
  expect(done).toEqual(['count']);
});

it('does replayed bytes once', async ({ site }) => {
  const { post, done } = await open(site);
  const body = slashBody({ text: 'count' });
  const headers = signed(body);
  const answers = await Promise.all([post(body, headers), post(body, headers), post(body, headers)]);
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
  expect(done).toEqual(['count']);
});

it('refuses bodies that are too large', async ({ site }) => {
  const { post } = await open(site);
  const body = slashBody({ text: 'x'.repeat(1_100_000) });
  expect((await post(body)).status).toBe(413);
});

it('acknowledges in time and answers later when the work is slow', async ({ site }) => {
  const { ml, slack, done } = await open(site, 50);
  const start = performance.now();
  expect(await ml('slow')).toBe('');
  expect(performance.now() - start).toBeLessThan(250);
  expect(done).toEqual([]);
  await expect.poll(() => slack.answered).toMatchObject([{ response_type: 'ephemeral', text: 'At last.' }]);
});

it('names a reference for a bug, and logs it', async ({ site }) => {
  const { ml } = await open(site);
  const reference = /`([0-9a-f]{8})`/.exec(await ml('break'))?.[1];
  expect(site.log.lines.filter(({ level }) => level === 'error')).toMatchObject([{ about: { reference } }]);
});

it('opens a form with the trigger, or says that it was too late', async ({ site }) => {
  const { ml, slack } = await open(site);
  expect(await ml('why')).toBe('');
  await expect.poll(() => slack.asked.map(({ method }) => method)).toContain('views.open');
  slack.refusals.set('views.open', 'expired_trigger_id');
  expect(await ml('why')).toBe('');
  await expect.poll(() => JSON.stringify(slack.answered)).toContain('three seconds');
});

it('answers a button under the hand of who pressed it, once for each press', async ({ site }) => {
  const { post, slack, done } = await open(site);
  const body = click({ response_url: slack.responseUrl });
  await Promise.all([post(body), post(body)]);
  await expect.poll(() => slack.answered).toMatchObject([{ text: 'Pressed.', replace_original: false }]);
  await post(click({ response_url: slack.responseUrl }, { action_ts: '8.8' }));
  expect(done).toEqual(['press 4 by U1 in C1', 'press 4 by U1 in C1']);
});

it('answers without a response URL in the channel, and without a channel by a direct message', async ({ site }) => {
  const { post, slack } = await open(site);
  await post(click({}));
  await expect
    .poll(() => slack.asked.at(-1))
    .toMatchObject({ method: 'chat.postEphemeral', args: { channel: 'C1', user: 'U1' } });
  const home = { channel: undefined, container: { type: 'view', view_id: 'VH' }, view: { id: 'VH', type: 'home' } };
  await post(click(home));
  await expect
    .poll(() => slack.asked.at(-1))
    .toMatchObject({ method: 'chat.postMessage', args: { channel: 'D1', text: 'Pressed.' } });
});

it.for<[string, object, RegExp]>([
  ['an old button', { value: '{"model":1}' }, /older version/],
  ['a button whose value is no JSON', { value: 'x' }, /older version/],
  ['a button nobody knows', { action_id: 'gone' }, /no longer know this button/],
])('is kind about %s', async ([, action, words], { site }) => {
  const { post, slack, done } = await open(site);
  expect((await post(click({ response_url: slack.responseUrl }, action))).status).toBe(200);
  await expect.poll(() => JSON.stringify(slack.answered)).toMatch(words);
  expect(done).toEqual([]);
});

it('is silent about a button that is a link', async ({ site }) => {
  const { post, slack } = await open(site);
  const body = click(
    { response_url: slack.responseUrl },
    { action_id: 'x', value: undefined, url: 'https://x.example' },
  );
  expect((await post(body)).status).toBe(200);
  await wait(50);
  expect(slack.answered).toEqual([]);
});

it('shows the reason under the input, or on top of the form with everything kept', async ({ site }) => {
  const { post } = await open(site);
  const short = ViewAnswer.parse(await (await post(submission('no'))).json());
  expect(short).toEqual({ response_action: 'errors', errors: { reason: 'Say it in at least 5 characters.' } });
  const refused = ViewAnswer.parse(await (await post(submission('nothing'))).json());
  expect(refused).toMatchObject({
    response_action: 'update',
    view: { callback_id: 'test.why', private_metadata: '{}' },
  });
  expect(refused.view?.blocks).toMatchObject([
    { type: 'alert', text: { text: 'That is no reason.' } },
    { type: 'input', block_id: 'reason' },
  ]);
});

it('takes a form once, thanks by direct message, and after an error takes the mended one', async ({ site }) => {
  const { post, slack, done } = await open(site);
  await post(submission('no'));
  const twice = await Promise.all([post(submission('good reason')), post(submission('good reason'))]);
  expect(await Promise.all(twice.map((answer) => answer.text()))).toEqual(['', '']);
  expect(done).toEqual(['why good reason']);
  await expect
    .poll(() => slack.asked.at(-1))
    .toMatchObject({ method: 'chat.postMessage', args: { text: 'Thank you.' } });
});

it('puts something without inputs in place of a form that takes long', async ({ site }) => {
  const { post, slack, done } = await open(site, 50);
  const waiting = ViewAnswer.parse(await (await post(submission('slow enough'))).json());
  expect(waiting.view?.blocks.map(({ type }) => type)).toEqual(['section']);
  await expect.poll(() => done).toEqual(['why slow enough']);
  await expect.poll(() => slack.asked.find(({ method }) => method === 'views.update')?.args['view']).toContain('Done.');
});

it('is kind in a workspace where it is not installed', async ({ site }) => {
  const { post, said, slack } = await open(site);
  expect(await said(await post(slashBody({ text: 'count', team_id: 'T9' })))).toContain('not installed');
  await post(click({ team: { id: 'T9' }, response_url: slack.responseUrl }));
  await expect.poll(() => JSON.stringify(slack.answered)).toContain('not installed');
  const answer = ViewAnswer.parse(await (await post(submission('good reason', 'h1', 'T9'))).json());
  expect(JSON.stringify(answer)).toContain('not installed');
});

const joined = (user: string, id = 'Ev1') =>
  JSON.stringify({
    type: 'event_callback',
    team_id: 'T1',
    event_id: id,
    event: { type: 'member_joined_channel', user, channel: 'C1' },
    authorizations: [{ team_id: 'T1', user_id: 'UBOT', is_bot: true, is_enterprise_install: false }],
  });
const json = 'application/json';

it('takes an event once, and asks for it again when it could not be handled', async ({ site }) => {
  const { post, done } = await open(site);
  const ada = joined('UADA');
  const answers = [await post(ada, signed(ada), json), await post(ada, signed(ada), json)];
  expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
  expect(done).toEqual(['joined UADA']);
  const broken = joined('UBROKEN', 'Ev2');
  expect((await post(broken, signed(broken), json)).status).toBe(500);
});

it('answers the address check of Slack', async ({ site }) => {
  const { post } = await open(site);
  const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
  expect(await (await post(body, signed(body), json)).json()).toEqual({ challenge: 'abc' });
});

it('finishes what runs before it stops, and takes nothing new', async ({ site }) => {
  const { ml, app, done, post } = await open(site);
  const running = ml('slow');
  await wait(50);
  const stopping = app.stop();
  expect((await post(slashBody({ text: 'count' }))).status).toBe(503);
  expect(await running).toBe('At last.');
  await stopping;
  expect(done).toEqual(['slow']);
});

it('says in a sentence that its token is wrong', async ({ site }) => {
  const slack = await tinySlack();
  slack.refusals.set('auth.test', 'invalid_auth');
  const starting = startSlack({
    config: { slack: { mode: 'http', botToken: 'xoxb-1', signingSecret }, slackApiUrl: slack.apiUrl },
    doors: [],
    contextFor: () => undefined,
    wake: () => undefined,
    menu: () => sentence(md`x`),
    home: () => ({ type: 'home', blocks: [section(md`The Home tab.`)] }),
    log: site.log,
  });
  await expect(starting).rejects.toThrow('Slack refuses SLACK_BOT_TOKEN (invalid_auth)');
});
