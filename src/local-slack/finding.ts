import { type Container, messageBlocks } from './acts/action.ts';
import { allElements, type Found, optionsOf } from './blocks/walk.ts';
import type { Channel, Message, ViewRecord } from './data.ts';
import { type Fields, fieldsOf, isFields, textOf } from './json.ts';
import { blocksShown, messageShown, type Reader, textShown, viewShown } from './read.ts';
import { isShownTo } from './snapshot.ts';
import { blocksOf, stackOf } from './views.ts';
import type { World } from './world.ts';

/** One thing on the screen of a person that can hold buttons and inputs. */
export interface Sheet {
  container: Container;
  name: string;
  blocks: Fields[];
  text: string;
  at: number;
}

export interface Where {
  channel?: string;
  containing?: string;
  ts?: string;
}

function messageSheet(reader: Reader, channel: Channel, message: Message): Sheet {
  return {
    container: { type: 'message', channel: channel.id, ts: message.ts },
    name: channel.kind === 'im' ? 'the DM' : `#${channel.name}`,
    blocks: messageBlocks(message),
    text: messageShown(reader, message),
    at: Number(message.ts),
  };
}

export function viewSheet(reader: Reader, record: ViewRecord, name: string): Sheet {
  const full = { ...reader, values: record.values, errors: record.errors };
  return {
    container: { type: 'view', view_id: record.id },
    name,
    blocks: blocksOf(record),
    text: viewShown(full, record),
    at: Infinity,
  };
}

/** An open modal covers everything else. Otherwise Home comes first while it is open, then the newest message. */
export function sheetsOf(world: World, viewer: string, atHome: boolean, where: Where = {}): Sheet[] {
  const reader = { world, viewer };
  const top = stackOf(world, viewer).at(-1);
  if (top) return [viewSheet(reader, top, 'the modal')];
  const messages = world.data.channels
    .filter((channel) => channel.members.includes(viewer))
    .filter(
      ({ id, name, kind }) =>
        where.channel === undefined ||
        where.channel === id ||
        (kind === 'im' ? where.channel === 'dm' : where.channel.replace(/^#/, '') === name),
    )
    .flatMap((channel) =>
      channel.messages
        .filter((message) => isShownTo(message, viewer))
        .map((message) => messageSheet(reader, channel, message)),
    )
    .filter(
      ({ at, text }) => (where.ts === undefined || at === Number(where.ts)) && text.includes(where.containing ?? ''),
    )
    .toSorted((one, other) => other.at - one.at);
  const home = world.data.homes[viewer];
  const asksForMessage = where.channel !== undefined || where.ts !== undefined;
  const homes = home && !asksForMessage ? [viewSheet(reader, home, 'Home')] : [];
  const shown = homes.filter(({ text }) => text.includes(where.containing ?? ''));
  return atHome ? [...shown, ...messages] : [...messages, ...shown];
}

export interface Hit {
  sheet: Sheet;
  found: Found;
  value?: unknown;
}

function buttonIn(reader: Reader, { element }: Found, label: string): { value?: unknown } | undefined {
  const is = (text: unknown) => textShown(reader, text).trim() === label;
  switch (element['type']) {
    case 'button':
    case 'icon_button':
    case 'workflow_button':
      return is(element['text']) ? {} : undefined;
    case 'overflow': {
      const option = optionsOf(element).find((each) => is(each['text']));
      return option ? { value: option['value'] } : undefined;
    }
    case 'feedback_buttons': {
      const button = [element['positive_button'], element['negative_button']]
        .map(fieldsOf)
        .find((each) => is(each['text']));
      return button ? { value: button['value'] } : undefined;
    }
    default:
      return undefined;
  }
}

export function findButton(world: World, viewer: string, sheets: Sheet[], label: string): Hit | undefined {
  for (const sheet of sheets) {
    for (const found of allElements(sheet.blocks)) {
      const hit = buttonIn({ world, viewer }, found, label);
      if (hit) return { sheet, found, ...hit };
    }
  }
  return undefined;
}

function isCalled(reader: Reader, { block, element }: Found, label: string): boolean {
  const names = [block['label'], element['placeholder'], block['text']]
    .filter(isFields)
    .map((text) => textShown(reader, text).trim());
  return names.includes(label);
}

/** An input goes by its label; a select in a message by its placeholder or the text beside it. */
export function findInput(world: World, viewer: string, sheets: Sheet[], label: string): Hit | undefined {
  for (const sheet of sheets) {
    const inputs = allElements(sheet.blocks).filter(
      ({ element }) => !['button', 'image'].includes(textOf(element['type'])),
    );
    const found = inputs.find((each) => isCalled({ world, viewer }, each, label));
    if (found) return { sheet, found };
  }
  return undefined;
}

export function listed(world: World, viewer: string, sheets: Sheet[]): string {
  const shown = sheets
    .slice(0, 12)
    .map(({ name, blocks, text }) => `${name}: ${text || blocksShown({ world, viewer }, blocks)}`);
  return shown.length > 0 ? shown.join('\n---\n') : '(nothing)';
}
