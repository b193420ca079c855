import { App, type BlockAction, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { Resvg } from '@resvg/resvg-js';
import type { KnownBlock } from '@slack/types';
import { type LocalSlack, startLocalSlack } from '../../src/local-slack/local-slack.ts';
import { actionBlocks, type Blocks, cardBlocks, chartBlocks, dataBlocks, textBlocks } from './kitchen-blocks.ts';
import { everyInput, home, pages } from './kitchen-inputs.ts';

const manifest = {
  display_information: { name: 'Kitchen' },
  features: {
    bot_user: { display_name: 'kitchen' },
    slash_commands: [
      { command: '/sink', description: 'Show everything', usage_hint: '[blocks | inputs | stack | home]' },
      { command: '/silent', description: 'Never answers' },
    ],
    shortcuts: [
      { name: 'Wave', callback_id: 'wave', description: 'Wave', type: 'global' },
      { name: 'Repeat', callback_id: 'repeat', description: 'Repeat it', type: 'message' },
    ],
    app_home: { home_tab_enabled: true, messages_tab_enabled: true },
  },
  oauth_config: {
    scopes: {
      bot: 'chat:write commands channels:history reactions:read im:history users:read files:write files:read'.split(
        ' ',
      ),
    },
  },
  settings: {
    event_subscriptions: { bot_events: ['app_home_opened', 'message.channels'] },
    interactivity: { is_enabled: true },
  },
};

const messages: Record<string, Blocks> = {
  blocks: textBlocks,
  data: dataBlocks,
  charts: chartBlocks,
  cards: cardBlocks,
  actions: actionBlocks,
};

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="320">
  <rect width="640" height="320" fill="#f3f6fb"/><circle cx="320" cy="160" r="110" fill="#1264a3"/></svg>`;

export interface Kitchen {
  readonly slack: LocalSlack;
  /** What the app was told, newest last: `press "Go"`, `sent Every input {…}`, `closed First true`. */
  readonly heard: string[];
  /** Lets the modal that keeps people waiting go on. */
  goOn(): void;
  close(): Promise<void>;
}

/** What an action or a field of a form says, whatever its kind. */
function valueIn(given: object): unknown {
  const held = { ...given } as Record<string, unknown>;
  const value = (each: unknown) => (each as { value?: unknown }).value;
  const name = Object.keys(held).find((key) => /^(selected_|rich_text_value|files|value$)/.test(key)) ?? '';
  const found = held[name];
  if (name === 'selected_option') return found ? value(found) : found;
  return name === 'selected_options' ? (found as unknown[]).map(value) : found;
}

/** A small app that shows every block and every input, and remembers what comes back. */
export async function openKitchen(): Promise<Kitchen> {
  const slack = await startLocalSlack({
    people: [
      { id: 'U1', name: 'ana', realName: 'Ana Lind', title: 'Data scientist', tz: 'Asia/Tokyo' },
      { id: 'U2', name: 'bo', realName: 'Bo Ek', title: 'Engineer' },
    ],
    userGroups: [{ id: 'S1', handle: 'cooks', name: 'All who cook', users: ['U1'] }],
    channels: [
      { id: 'C1', name: 'general', members: ['U1', 'U2', 'U0LOCALBOT'], topic: 'Everything' },
      { id: 'C2', name: 'random', members: ['U1', 'U2', 'U0LOCALBOT'] },
    ],
    manifest,
    rateLimits: false,
  });
  const heard: string[] = [];
  const hear = (what: string, value: unknown = '') => heard.push(`${what} ${JSON.stringify(value)}`);
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const receiver = new SocketModeReceiver({
    appToken: slack.tokens.app,
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions },
  });
  const app = new App({ token: slack.tokens.bot, receiver, logLevel: LogLevel.ERROR, clientOptions });
  let goOn = Promise.withResolvers<void>();

  app.command('/sink', async ({ command, ack, client }) => {
    await ack();
    const { trigger_id, channel_id: channel, user_id: user, text } = command;
    if (text === 'inputs') await client.views.open({ trigger_id, view: everyInput });
    else if (text === 'stack') await client.views.open({ trigger_id, view: pages.first });
    else if (text === 'slow') await client.views.open({ trigger_id, view: pages.slow });
    else if (text === 'whisper') await client.chat.postEphemeral({ channel, user, text: 'Just for you' });
    else if (text === 'picture') {
      const file = new Resvg(drawing).render().asPng();
      await client.filesUploadV2({ channel_id: channel, file, filename: 'disc.png', title: 'A blue disc' });
    } else {
      const blocks = (messages[text] ?? []) as unknown as KnownBlock[];
      await client.chat.postMessage({ channel, text: `All ${text}`, blocks });
    }
  });
  app.command('/silent', () => Promise.resolve());
  app.action<BlockAction>(/.*/, async ({ ack, action, body, client }) => {
    await ack();
    if (action.action_id === 'push') await client.views.push({ trigger_id: body.trigger_id, view: pages.second });
    else hear(action.action_id, valueIn(action) ?? action.type);
  });
  app.options(/.*/, async ({ ack, options: asked }) => {
    const text = (said: string) => ({ type: 'plain_text' as const, text: said });
    const found = [{ text: text(`Found ${asked.value}`), value: `found-${asked.value}` }];
    return ack(
      asked.block_id === 'Finds'
        ? { option_groups: [{ label: text('All finds'), options: found }] }
        : { options: found },
    );
  });
  app.view('Every input', async ({ ack, view }) => {
    const { values } = view.state;
    if (values['Name']?.['value']?.value === 'wrong')
      return await ack({ response_action: 'errors', errors: { Name: 'Another name, please.' } });
    await ack();
    const said = Object.entries(values).map(([label, held]) => [label, valueIn(held['value'] ?? {})] as const);
    return void hear('sent', Object.fromEntries(said));
  });
  app.view('First', async ({ ack }) => ack({ response_action: 'push', view: pages.second }));
  app.view('Second', async ({ ack }) => ack({ response_action: 'update', view: pages.changed }));
  app.view('Changed', async ({ ack }) => ack({ response_action: 'push', view: pages.third }));
  app.view('Third', async ({ ack }) => ack({ response_action: 'clear' }));
  app.view('Slow', async ({ ack }) => {
    hear('slow');
    await goOn.promise;
    goOn = Promise.withResolvers();
    await ack();
  });
  app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack, body, view }) => {
    await ack();
    hear(`closed ${view.callback_id}`, 'is_cleared' in body && body.is_cleared);
  });
  app.shortcut('wave', async ({ ack, body, client }) => {
    await ack();
    hear('wave');
    await client.chat.postMessage({ channel: 'C1', text: `:wave: <@${body.user.id}> waves` });
  });
  app.shortcut('repeat', async ({ ack, shortcut }) => {
    await ack();
    hear('repeat', 'message' in shortcut ? shortcut.message['text'] : '');
  });
  app.event('app_home_opened', async ({ event, client }) => {
    if (event.tab === 'home') await client.views.publish({ user_id: event.user, view: home });
  });
  await app.start();
  return {
    slack,
    heard,
    goOn: () => goOn.resolve(),
    async close() {
      await app.stop();
      await slack.close();
    },
  };
}
