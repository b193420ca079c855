import { suggest } from './acts/suggest.ts';
import { optionsOf } from './blocks/walk.ts';
import { channelCalled } from './channels.ts';
import type { Hit } from './finding.ts';
import { type Fields, textOf } from './json.ts';
import { textShown } from './read.ts';
import type { World } from './world.ts';

/** An external select is asked as a person would: the whole name first, then its first word. */
async function offered(world: World, user: string, { found, sheet }: Hit, seen: string): Promise<Fields[]> {
  const blockId = textOf(found.block['block_id']);
  const touch = { container: sheet.container, block_id: blockId, action_id: textOf(found.element['action_id']) };
  for (const query of new Set([seen, seen.split(' ')[0] ?? ''])) {
    const { options = [] } = await suggest(world, user, touch, query);
    if (options.length > 0) return options;
  }
  return [];
}

/** Turns what a person sees (names, option texts) into what the element holds; empty text empties it. */
export async function valueFor(world: World, user: string, hit: Hit, seen: string): Promise<unknown> {
  const { block, element } = hit.found;
  const reader = { world, viewer: user };
  const shown = (option: Fields) => textShown(reader, option['text']);
  const label = textShown(reader, block['label']) || textShown(reader, element['placeholder']);
  function impossible(options: string[]): never {
    throw new Error(`"${label}" does not offer "${seen}"; it offers: ${options.join(' | ')}`);
  }
  const type = textOf(element['type']);
  const bare = seen.replace(/^[@#]/, '');
  if (seen === '') return undefined;
  if (type.includes('users_select')) {
    const people = world.data.people.filter(({ deleted }) => !deleted);
    const person = people.find(({ name, realName, id }) => [name, realName, id].includes(bare));
    return person?.id ?? impossible(people.map(({ name }) => name));
  }
  if (/conversations|channels/.test(type)) {
    return channelCalled(world, bare)?.id ?? impossible(world.data.channels.map(({ name }) => name));
  }
  if (!/select|radio|checkboxes|overflow/.test(type)) return seen;
  const options = type.includes('external') ? await offered(world, user, hit, seen) : optionsOf(element);
  return options.find((option) => shown(option) === seen)?.['value'] ?? impossible(options.map(shown));
}
