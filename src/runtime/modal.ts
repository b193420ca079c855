import type { Block, InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { ViewOutput, ViewStateValue } from '@slack/bolt';
import { type Message, plain, section } from '../slack/blocks.ts';
import { limits } from '../slack/limits.ts';
import { words } from './words.ts';

const noticeId = 'pitcrew.notice';
const alertText = 200;

/** The same form with a notice on top. Slack keeps what was typed, because the block ids stay. */
export function withNotice(view: ViewOutput, { text, blocks }: Message): ModalView {
  const others = view.blocks.filter((block) => block.block_id !== noticeId);
  return { ...shellOf(view), blocks: [notice(text, blocks), ...others].slice(0, limits.blocksInView) };
}

function notice(text: string, blocks: readonly KnownBlock[]): KnownBlock {
  if (text.length <= alertText) {
    return { type: 'alert', block_id: noticeId, level: 'error', text: { type: 'mrkdwn', text } };
  }
  return { ...(blocks.find((block) => block.type === 'section') ?? section({ mrkdwn: text })), block_id: noticeId };
}

function shellOf(view: ViewOutput): Omit<ModalView, 'blocks'> {
  return {
    type: 'modal',
    callback_id: view.callback_id,
    private_metadata: view.private_metadata,
    title: plain(view.title.text, limits.viewTitle),
    clear_on_close: view.clear_on_close,
    notify_on_close: view.notify_on_close,
    ...(view.submit && { submit: plain(view.submit.text, limits.viewButton) }),
    ...(view.close && { close: plain(view.close.text, limits.viewButton) }),
  };
}

/** Stands in for a form that is being worked on. It has no inputs, so that it cannot be sent a second time. */
export function placeholder(view: ViewOutput, ...blocks: readonly KnownBlock[]): ModalView {
  return {
    type: 'modal',
    title: plain(view.title.text || words.formTitle, limits.viewTitle),
    close: plain(words.close, limits.viewButton),
    blocks: [...blocks],
  };
}

/** The form as it was sent, with what was typed put back in: for when the placeholder took its place. */
export function withTyped(view: ViewOutput): ViewOutput {
  return {
    ...view,
    blocks: view.blocks.map((block) => (isInput(block) ? typedInto(block, view.state.values) : block)),
  };
}

function isInput(block: KnownBlock | Block): block is InputBlock {
  return block.type === 'input' && 'element' in block;
}

function typedInto(block: InputBlock, values: ViewOutput['state']['values']): InputBlock {
  const { element, block_id: id } = block;
  const typed = id && 'action_id' in element && element.action_id ? values[id]?.[element.action_id] : undefined;
  return typed ? { ...block, element: { ...element, ...initialOf(typed) } } : block;
}

function initialOf(typed: ViewStateValue): object {
  if (typed.value) return { initial_value: typed.value };
  if (typed.selected_option) return { initial_option: typed.selected_option };
  if (typed.selected_options?.length) return { initial_options: typed.selected_options };
  if (typed.selected_user) return { initial_user: typed.selected_user };
  if (typed.selected_users?.length) return { initial_users: typed.selected_users };
  if (typed.selected_channel) return { initial_channel: typed.selected_channel };
  if (typed.selected_conversations?.length) return { initial_conversations: typed.selected_conversations };
  if (typed.selected_conversation) return { initial_conversation: typed.selected_conversation };
  if (typed.selected_date) return { initial_date: typed.selected_date };
  if (typed.selected_time) return { initial_time: typed.selected_time };
  return {};
}
