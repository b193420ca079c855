import { z } from 'zod';

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
      app_home: z
        .object({
          home_tab_enabled: z.boolean().default(false),
          messages_tab_enabled: z.boolean().default(true),
          messages_tab_read_only_enabled: z.boolean().default(false),
        })
        .optional(),
    })
    .default({ slash_commands: [], shortcuts: [] }),
  oauth_config: z
    .object({ scopes: z.object({ bot: z.array(z.string()).default([]) }).default({ bot: [] }) })
    .default({ scopes: { bot: [] } }),
  settings: z
    .object({ event_subscriptions: z.object({ bot_events: z.array(z.string()).default([]) }).optional() })
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
  commands: z.infer<typeof command>[];
  shortcuts: z.infer<typeof shortcut>[];
  scopes: ReadonlySet<string>;
  events: ReadonlySet<string>;
}

/** Slack does not let an app subscribe to what it may not read. */
const eventScopes: Record<string, readonly string[]> = {
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  'message.mpim': ['mpim:history'],
  app_mention: ['app_mentions:read'],
  reaction_added: ['reactions:read'],
  reaction_removed: ['reactions:read'],
  member_joined_channel: ['channels:read', 'groups:read'],
  member_left_channel: ['channels:read', 'groups:read'],
  user_change: ['users:read'],
};

function checkScopes(scopes: string[], events: string[], typesSomething: boolean): void {
  for (const event of events) {
    const needed = eventScopes[event];
    if (needed && !needed.some((scope) => scopes.includes(scope))) {
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
    commands: features.slash_commands,
    shortcuts: features.shortcuts,
    scopes: new Set(oauth.scopes.bot),
    events: new Set(events),
  };
}
