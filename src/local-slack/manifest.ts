import { z } from 'zod';
import { eventScopes } from './event-scopes.ts';

const command = z.object({
  command: z.string().regex(/^\//).min(2).max(32),
  description: z.string(),
  usage_hint: z.string().default(''),
  should_escape: z.boolean().default(false),
});
const shortcut = z.object({
  name: z.string().max(24),
  callback_id: z.string(),
  description: z.string(),
  type: z.enum(['message', 'global']),
});
const manifest = z.object({
  display_information: z.object({ name: z.string().min(1).max(35) }),
  features: z
    .object({
      bot_user: z.object({ display_name: z.string() }).optional(),
      slash_commands: z.array(command).default([]),
      shortcuts: z.array(shortcut).default([]),
      unfurl_domains: z.array(z.string()).max(5).default([]),
      app_home: z
        .object({
          home_tab_enabled: z.boolean().default(false),
          messages_tab_enabled: z.boolean().default(true),
          messages_tab_read_only_enabled: z.boolean().default(false),
        })
        .optional(),
    })
    .default({ slash_commands: [], shortcuts: [], unfurl_domains: [] }),
  oauth_config: z
    .object({
      scopes: z.object({ bot: z.array(z.string()).default([]) }).default({ bot: [] }),
      redirect_urls: z.array(z.url()).default([]),
    })
    .default({ scopes: { bot: [] }, redirect_urls: [] }),
  settings: z
    .object({
      event_subscriptions: z.object({ bot_events: z.array(z.string()).max(100).default([]) }).optional(),
      interactivity: z.object({ is_enabled: z.boolean() }).optional(),
    })
    .default({}),
});

export interface App {
  id: string;
  botId: string;
  botUserId: string;
  name: string;
  botName: string;
  homeTab: boolean;
  messagesTab: boolean;
  messagesReadOnly: boolean;
  /** Whether presses and shortcuts reach it. */
  interactive: boolean;
  unfurlDomains: readonly string[];
  commands: z.infer<typeof command>[];
  shortcuts: z.infer<typeof shortcut>[];
  scopes: ReadonlySet<string>;
  redirectUrls: readonly string[];
  events: ReadonlySet<string>;
}

/** Slack does not let an app subscribe to what it may not read. */
function checkScopes(scopes: string[], events: string[], typesSomething: boolean): void {
  for (const event of events) {
    const needed = eventScopes[event];
    if (!needed) throw new Error(`The manifest subscribes to ${event}, which Slack does not know.`);
    if (needed.length > 0 && !needed.some((scope) => scopes.includes(scope))) {
      throw new Error(`The manifest subscribes to ${event} without the scope ${needed.join(' or ')}.`);
    }
  }
  if (typesSomething && !scopes.includes('commands'))
    throw new Error('Commands and shortcuts need the scope commands.');
}

export function appFrom(given: unknown): App {
  const { display_information: shown, features, oauth_config: oauth, settings } = manifest.parse(given);
  const events = settings.event_subscriptions?.bot_events ?? [];
  checkScopes(oauth.scopes.bot, events, features.slash_commands.length + features.shortcuts.length > 0);
  return {
    id: 'A0LOCAL',
    botId: 'B0LOCAL',
    botUserId: 'U0LOCALBOT',
    name: shown.name,
    botName: features.bot_user?.display_name ?? shown.name,
    homeTab: features.app_home?.home_tab_enabled ?? false,
    messagesTab: features.app_home?.messages_tab_enabled ?? true,
    messagesReadOnly: features.app_home?.messages_tab_read_only_enabled ?? false,
    interactive: settings.interactivity?.is_enabled ?? false,
    unfurlDomains: features.unfurl_domains,
    commands: features.slash_commands,
    shortcuts: features.shortcuts,
    scopes: new Set(oauth.scopes.bot),
    redirectUrls: oauth.redirect_urls,
    events: new Set(events),
  };
}
