import type {
  ActionsBlock,
  Button,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  ImageBlock,
  KnownBlock,
  ModalView,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { clip, limits } from './limits.ts';
import { join, type Mrkdwn } from './mrkdwn.ts';

/** What stands in a channel. `text` is the whole message in one sentence: notifications and screen readers use it. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

export function message(text: Mrkdwn, ...blocks: readonly (KnownBlock | undefined | false)[]): Message {
  const present = blocks.filter((block) => block !== undefined && block !== false);
  return { text: clip(text.mrkdwn, limits.messageText), blocks: present.slice(0, limits.blocksInMessage) };
}

/** The same to look at in a modal, with nothing to send. */
export function asModal(title: string, { blocks }: Pick<Message, 'blocks'>): ModalView {
  return {
    type: 'modal',
    title: plain(title, limits.viewTitle),
    close: plain('Close', limits.viewButton),
    blocks: blocks.slice(0, limits.blocksInView),
  };
}

/** A message of one sentence. */
export function sentence(text: Mrkdwn): Message {
  return message(text, section(text));
}

export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: clip(text, max), emoji: true };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, limits.headerText) };
}

export function section(text: Mrkdwn): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: clip(text.mrkdwn, limits.sectionText) } };
}

export function fields(...each: readonly (Mrkdwn | undefined)[]): SectionBlock {
  const present = each.filter((field) => field !== undefined).slice(0, limits.fields);
  return {
    type: 'section',
    fields: present.map((field) => ({ type: 'mrkdwn' as const, text: clip(field.mrkdwn, limits.fieldText) })),
  };
}

/** As many lines a section as Slack takes. */
export function inSections(all: readonly Mrkdwn[]) {
  const groups: Mrkdwn[][] = [[]];
  let length = 0;
  for (const each of all) {
    if (length + each.mrkdwn.length + 1 > limits.sectionText) {
      groups.push([]);
      length = 0;
    }
    groups.at(-1)?.push(each);
    length += each.mrkdwn.length + 1;
  }
  return groups.map((group) => section(join(group, '\n')));
}

export function footnote(text: Mrkdwn): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: clip(text.mrkdwn, limits.sectionText) }] };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

export function buttons(...elements: readonly Button[]): ActionsBlock {
  return { type: 'actions', elements: elements.slice(0, limits.actionElements) };
}

/** A picture that the courier draws and uploads before it posts; `key` names the stored drawing. */
export function picture(key: string, alt: string): ImageBlock {
  return { type: 'image', slack_file: { id: `${pictureMark}${key}` }, alt_text: clip(alt, limits.imageAlt) };
}

export const pictureMark = 'picture:';
