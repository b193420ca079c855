import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Doors } from './doors.ts';
import { features } from './features/index.ts';

/** Words that people type so often that they have a slash command of their own. */
const directWords = ['standup', 'rollback', 'incident', 'postmortem'] as const;

const botScopes = [
  'bookmarks:read',
  'bookmarks:write',
  'canvases:read',
  'canvases:write',
  'channels:history',
  'channels:join',
  'channels:manage',
  'channels:read',
  'chat:write',
  'chat:write.public',
  'commands',
  'files:write',
  'groups:history',
  'groups:read',
  'groups:write',
  'im:history',
  'im:write',
  'pins:write',
  'reactions:read',
  'team:read',
  'usergroups:read',
  'users:read',
];

/** What Slack has to know of the app, read off the doors. Without a public URL it is for Socket Mode. */
function manifest(doors: readonly Doors[], publicUrl?: string) {
  const url = publicUrl && `${publicUrl}/slack/events`;
  const patterns = doors.flatMap((each) => each.commands ?? []).map((door) => door.pattern);
  const firstWords = new Set(patterns.map((pattern) => pattern.split(' ')[0]));
  const events = [...new Set(doors.flatMap((each) => each.events ?? []).flatMap((door) => door.kinds))].toSorted();
  const shortcuts = doors.flatMap((each) => each.shortcuts ?? []);
  const direct = directWords.filter((word) => firstWords.has(word));
  return {
    display_information: {
      name: 'Pitcrew',
      description: 'Runs the production loop of machine-learning teams.',
      background_color: '#1d2939',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'Pitcrew', always_online: true },
      shortcuts: shortcuts.map(({ id, name, description }) => ({
        name,
        type: 'message',
        callback_id: id,
        description,
      })),
      slash_commands: [
        command('/ml', 'What Pitcrew can do for you', [...firstWords].join(' | '), url),
        ...direct.map((word) => command(`/ml-${word}`, `The same as /ml ${word}`, hintOf(word, patterns), url)),
      ],
    },
    oauth_config: { scopes: { bot: botScopes } },
    settings: {
      event_subscriptions: { ...(url && { request_url: url }), bot_events: events },
      interactivity: { is_enabled: true, ...(url && { request_url: url, message_menu_options_url: url }) },
      org_deploy_enabled: false,
      socket_mode_enabled: !url,
      token_rotation_enabled: false,
    },
  };
}

function command(name: string, description: string, hint: string, url: string | undefined) {
  return { command: name, description, usage_hint: hint, should_escape: true, ...(url && { url }) };
}

function hintOf(word: string, patterns: readonly string[]): string {
  const rest = patterns.filter((each) => each.startsWith(`${word} `)).map((each) => each.slice(word.length + 1));
  return rest.join(' | ') || ' ';
}

/** Both files under manifests/, by name. */
export function manifestFiles(): Record<string, string> {
  const text = (of: object) => `${JSON.stringify(of, null, 2)}\n`;
  return {
    'socket.json': text(manifest(features)),
    'http.json': text(manifest(features, 'https://pitcrew.example.com')),
  };
}

/** The manifest that the repository ships for Socket Mode. */
export function shippedManifest(): unknown {
  const file = new URL('../manifests/socket.json', import.meta.url);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
}
