import { personById } from './people.ts';
import type { World } from './world.ts';

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** What a person types, as Slack keeps it: escaped, with names turned into ids and addresses into links. */
export function fromTyped(world: World, text: string): string {
  return escaped(text)
    .replaceAll(/https?:\/\/[^\s<>|]+/g, (address) => `<${address}>`)
    .replaceAll(/(^|\s)@([\w.-]*\w)/g, (whole, before: string, name: string) => {
      const bot = name.toLowerCase() === world.app.botName.toLowerCase() ? world.app.botUserId : undefined;
      const id = bot ?? world.data.people.find((person) => person.name === name)?.id;
      const group = world.data.userGroups.find(({ handle }) => handle === name);
      if (id) return `${before}<@${id}>`;
      if (['here', 'channel', 'everyone'].includes(name)) return `${before}<!${name}>`;
      return group ? `${before}<!subteam^${group.id}|@${group.handle}>` : whole;
    })
    .replaceAll(/(^|\s)#([\w-]+)/g, (whole, before: string, name: string) => {
      const channel = world.data.channels.find((each) => each.kind === 'channel' && each.name === name);
      return channel ? `${before}<#${channel.id}|${channel.name}>` : whole;
    });
}

const long: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'long', day: 'numeric' };
const short: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric' };
const dateStyles: Record<string, Intl.DateTimeFormatOptions> = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: long,
  date_pretty: long,
  date_short: short,
  date_short_pretty: short,
  date_long: { ...long, weekday: 'long' },
  date_long_pretty: { ...long, weekday: 'long' },
  date_long_full: { ...long, weekday: 'long' },
  day_divider_pretty: { weekday: 'long', month: 'long', day: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit' },
  time_secs: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
};

function ago(world: World, seconds: number): string {
  const minutes = Math.round((world.now() / 1000 - seconds) / 60);
  if (minutes < 1) return 'just now';
  return minutes < 60 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`;
}

export function dateText(world: World, viewer: string, seconds: number, pattern: string): string {
  const timeZone = personById(world, viewer)?.tz ?? 'Etc/UTC';
  return pattern.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === 'ago') return ago(world, seconds);
    const style = dateStyles[name];
    return style ? new Intl.DateTimeFormat('en-US', { ...style, timeZone }).format(seconds * 1000) : whole;
  });
}

function mention(world: World, id: string): string {
  return `@${personById(world, id)?.name ?? id}`;
}

function token(world: World, viewer: string, inside: string): string {
  const [head = '', label] = inside.split('|');
  if (head.startsWith('@')) return mention(world, head.slice(1));
  if (head.startsWith('#')) {
    const channel = world.data.channels.find(({ id }) => id === head.slice(1));
    return `#${channel?.name ?? label ?? head.slice(1)}`;
  }
  if (head.startsWith('!subteam^')) {
    const group = world.data.userGroups.find(({ id }) => id === head.slice('!subteam^'.length));
    return `@${group?.handle ?? label?.replace(/^@/, '') ?? 'group'}`;
  }
  if (head.startsWith('!date^')) {
    const [, seconds = '', pattern = ''] = head.split('^');
    return /^\d+$/.test(seconds) ? dateText(world, viewer, Number(seconds), pattern) : (label ?? '');
  }
  if (head.startsWith('!')) return `@${head.slice(1)}`;
  return label ?? head.replace(/^mailto:/, '');
}

/** Slack's mark-up as a person reads it: names for ids, labels for links, no stars or ticks. */
export function readable(world: World, viewer: string, text: string): string {
  const shown = text
    .replaceAll(/<([^<>\n]+)>/g, (_whole, inside: string) => token(world, viewer, inside))
    .replaceAll(/```([^`]+)```/g, '$1')
    .replaceAll(/`([^`\n]+)`/g, '$1')
    .replaceAll(/(^|[\s([{"'>])([*_~])(?=\S)([^\n]*?\S)\2(?=$|[\s.,:;!?)\]}"'])/gm, '$1$3');
  return unescaped(shown);
}
