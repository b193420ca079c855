import { shortId } from '../ids.ts';
import { type Fields, isFields, textOf } from '../json.ts';
import { blockShapes } from './limits.ts';
import { elementShapes } from './element-limits.ts';

const added: Record<string, Fields> = {
  mrkdwn: { verbatim: false },
  plain_text: { emoji: true },
  input: { optional: false, dispatch_action: false },
  plain_text_input: { multiline: false },
};

// A few names are both a block and an element; only the block carries an id there.
function idsFor(type: string, isBlock: boolean): Fields {
  if (isBlock && blockShapes[type] && type !== 'markdown') return { block_id: shortId() };
  return !isBlock && elementShapes[type]?.interactive ? { action_id: shortId() } : {};
}

function normalised(value: unknown, isBlock: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => normalised(item, isBlock));
  if (!isFields(value)) return value;
  const type = textOf(value['type']);
  const full = { ...added[type], ...idsFor(type, isBlock), ...value };
  return Object.fromEntries(
    Object.entries(full)
      .filter(([name, each]) => each !== undefined && !(isBlock && type === 'markdown' && name === 'block_id'))
      .map(([name, each]) => [
        name,
        normalised(each, name === 'child_blocks' || (name === 'elements' && type === 'carousel')),
      ]),
  );
}

/** Blocks as Slack gives them back: ids made up where missing, defaults spelled out. */
export function normaliseBlocks(blocks: readonly unknown[]): Fields[] {
  return blocks.map((block) => normalised(block, true)).filter(isFields);
}

export function normaliseText(text: unknown): Fields | null {
  const full = normalised(text, false);
  return isFields(full) ? full : null;
}
