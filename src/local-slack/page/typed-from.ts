import { decoded } from './inline.ts';
import { channelOf, known, personOf } from './store.ts';
import type { Part } from './types.ts';

const handle = (id: string): string => personOf(id)?.name ?? id;
const groupHandle = (id: string): string => known().userGroups.find((each) => each.id === id)?.handle ?? id;

/** Text as Slack keeps it, the way a person would type it again. */
export function retyped(text: string): string {
  return decoded(
    text
      .replaceAll(/<@(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${handle(id)}`)
      .replaceAll(/<#(\w+)(?:\|([^>]*))?>/g, (_, id: string, name = id) => `#${channelOf(id)?.name ?? name}`)
      .replaceAll(/<!subteam\^(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${groupHandle(id)}`)
      .replaceAll(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, '@$1')
      .replaceAll(/<((?:https?|mailto):[^>|]+)(?:\|[^>]*)?>/g, '$1'),
  );
}

function piece(part: Part): string {
  const { style = {}, text } = part;
  const said = typeof text === 'string' ? text : '';
  const marks = typeof style === 'object' ? style : {};
  const around = [marks['bold'] && '*', marks['italic'] && '_', marks['strike'] && '~', marks['code'] && '`'].filter(
    (mark) => typeof mark === 'string',
  );
  const inside = (): string => {
    if (part.type === 'user') return `@${handle(part.user_id ?? '')}`;
    if (part.type === 'channel') return `#${channelOf(part.channel_id ?? '')?.name ?? ''}`;
    if (part.type === 'usergroup') return `@${groupHandle(part.usergroup_id ?? '')}`;
    if (part.type === 'emoji') return `:${part.name ?? ''}:`;
    if (part.type === 'broadcast') return `@${part.range ?? 'here'}`;
    return said || (part.url ?? '');
  };
  return [...around, inside(), ...around.toReversed()].join('');
}

const line = (part: Part): string => (part.elements ?? []).map(piece).join('');

function group(part: Part): string {
  if (part.type === 'rich_text_preformatted') return `\`\`\`\n${line(part)}\n\`\`\``;
  if (part.type === 'rich_text_quote') return line(part).replaceAll(/^/gm, '> ');
  if (part.type !== 'rich_text_list') return line(part).replace(/\n$/, '');
  const mark = (index: number): string => (part.style === 'ordered' ? `${index + 1}. ` : '- ');
  return (part.elements ?? []).map((each, index) => `${mark(index)}${line(each)}`).join('\n');
}

/** A rich text as a person would type it. */
export function typedFrom(rich: Part | null | undefined): string {
  return (rich?.elements ?? []).map(group).join('\n');
}
