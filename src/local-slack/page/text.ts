import type { Children } from './html.ts';
import { withEmoji } from './inline.ts';
import { mrkdwn } from './mrkdwn.ts';
import type { Part, Text } from './types.ts';

export function shown(text: Text | string | null | undefined): Children {
  if (!text) return '';
  if (typeof text === 'string') return withEmoji(text);
  return text.type === 'mrkdwn' ? mrkdwn(text.text) : withEmoji(text.text);
}

export function plain(text: Part['text'] | null): string {
  return typeof text === 'string' ? text : (text?.text ?? '');
}
