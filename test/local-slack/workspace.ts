import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import { WebClient } from '@slack/web-api';
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from '../../src/local-slack/local-slack.ts';

export const manifest = {
  display_information: { name: 'Tester' },
  features: {
    bot_user: { display_name: 'tester' },
    slash_commands: [
      { command: '/try', description: 'Try it', usage_hint: '[what]', should_escape: true },
      { command: '/slow', description: 'Never answers' },
    ],
    shortcuts: [
      { name: 'Start', callback_id: 'start', description: 'Start', type: 'global' },
      { name: 'Look', callback_id: 'look', description: 'Look at it', type: 'message' },
    ],
    app_home: { home_tab_enabled: true, messages_tab_enabled: true },
  },
  oauth_config: {
    redirect_urls: ['https://pitcrew.example/slack'],
    scopes: {
      bot: (
        'chat:write commands channels:manage channels:read channels:history channels:join groups:read groups:history ' +
        'groups:write im:write im:read im:history users:read users:read.email reactions:write reactions:read pins:write ' +
        'bookmarks:write files:write team:read app_mentions:read canvases:write mpim:write mpim:read mpim:history ' +
        'pins:read bookmarks:read files:read canvases:read'
      ).split(' '),
    },
  },
  settings: {
    interactivity: { is_enabled: true },
    event_subscriptions: {
      bot_events: [
        'message.channels',
        'message.im',
        'app_mention',
        'app_home_opened',
        'reaction_added',
        'member_joined_channel',
        'user_change',
        'app_uninstalled',
        'tokens_revoked',
      ],
    },
  },
};

export function workspace(more: Partial<LocalSlackOptions> = {}): Promise<LocalSlack> {
  return startLocalSlack({
    people: [
      { id: 'U1', name: 'ana', realName: 'Ana Lind', tz: 'Europe/Stockholm' },
      { id: 'U2', name: 'bo', realName: 'Bo Ek' },
      { id: 'U3', name: 'cy', realName: 'Cy Gone', deleted: true },
    ],
    channels: [
      { id: 'C1', name: 'general', members: ['U1', 'U2', 'U0LOCALBOT'] },
      { id: 'C2', name: 'elsewhere', members: ['U1'] },
      { id: 'C3', name: 'secret', isPrivate: true, members: ['U1'] },
    ],
    manifest,
    ...more,
  });
}

export function client(slack: LocalSlack, token = slack.tokens.bot): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    logLevel: LogLevel.ERROR,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
}

export async function socketApp(slack: LocalSlack): Promise<App> {
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const receiver = new SocketModeReceiver({
    appToken: slack.tokens.app,
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions },
  });
  const app = new App({ token: slack.tokens.bot, receiver, logLevel: LogLevel.ERROR, clientOptions });
  await app.start();
  return app;
}

export function clock(start = Date.UTC(2026, 10, 23, 9)): { now: () => number; pass(ms: number): void } {
  let at = start;
  return {
    now: () => at,
    pass(ms) {
      at += ms;
    },
  };
}

export const plain = (text: string) => ({ type: 'plain_text' as const, text });

export function modal(title: string, blocks: KnownBlock[] = [{ type: 'divider' }]): ModalView {
  return {
    type: 'modal',
    callback_id: title,
    title: plain(title),
    submit: plain('Save'),
    close: plain('Cancel'),
    blocks,
  };
}

export function textInput(label: string, more: object = {}): KnownBlock {
  return {
    type: 'input',
    block_id: label,
    label: plain(label),
    element: { type: 'plain_text_input', action_id: 'value' },
    ...more,
  };
}

/** What Slack answered when it refused. */
export async function refusal(call: Promise<unknown>): Promise<unknown> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  return thrown instanceof Error && 'data' in thrown ? thrown.data : thrown;
}
