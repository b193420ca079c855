import { fieldsIn, isFields } from '../json.ts';
import { checkAcross, checkTogether } from './across.ts';
import { type Check, checkBlock, checkShape, complain, notOneOf, type Problem, untyped } from './check.ts';
import { surfaceLimits } from './limits.ts';
import { flag, plain, type Shape, string, type Surface } from './rules.ts';

export type IsPicture = (fileId: string) => boolean;

function checkBlocks(check: Check, blocks: unknown, at: string): void {
  const { minBlocks, maxBlocks } = surfaceLimits[check.surface];
  if (!Array.isArray(blocks)) return complain(check, at, 'invalid_type', 'must provide an array');
  if (blocks.length > maxBlocks) complain(check, at, 'too_many', `no more than ${maxBlocks} items allowed`);
  if (blocks.length < minBlocks) complain(check, at, 'too_few', `no fewer than ${minBlocks} items allowed`);
  blocks.forEach((block, index) => checkBlock(check, block, `${at}/${index}`));
  checkAcross(check, fieldsIn(blocks), at);
}

export function blockProblems(blocks: unknown, surface: Surface, isPicture: IsPicture, at = '/blocks'): Problem[] {
  const check: Check = { surface, problems: [], isPicture };
  checkBlocks(check, blocks, at);
  checkTogether(check, [{ blocks: fieldsIn(blocks), at }]);
  return check.problems;
}

/** What counts over a whole message, once its blocks and those of each attachment are right by themselves. */
export function togetherProblems(blocks: unknown, attachments: unknown): Problem[] {
  const check: Check = { surface: 'message', problems: [], isPicture: () => true };
  const attached = fieldsIn(attachments).map((each, index) => ({
    blocks: fieldsIn(each['blocks']),
    at: `/attachments/${index}/blocks`,
  }));
  checkTogether(check, [{ blocks: fieldsIn(blocks), at: '/blocks' }, ...attached]);
  return check.problems;
}

const shared = {
  blocks: { is: 'anything' },
  private_metadata: string(3000),
  callback_id: string(255),
  external_id: string(255),
  type: { is: 'anything' },
} as const;

const viewShapes: Record<'modal' | 'home', Shape> = {
  modal: {
    fields: {
      ...shared,
      title: plain(24),
      submit: plain(24),
      close: plain(24),
      clear_on_close: flag,
      notify_on_close: flag,
      submit_disabled: flag,
    },
    required: ['title', 'blocks'],
  },
  home: { fields: shared, required: ['blocks'] },
};

export function viewProblems(
  view: unknown,
  allowed: readonly ('modal' | 'home')[],
  isPicture: IsPicture,
  at = '/view',
): Problem[] {
  const check: Check = { surface: 'modal', problems: [], isPicture };
  if (!isFields(view)) {
    complain(check, at, 'invalid_type', 'must provide an object');
    return check.problems;
  }
  const type = allowed.find((each) => each === view['type']);
  if (!type) {
    if (view['type'] === undefined) untyped(check, at);
    else notOneOf(check, `${at}/type`, allowed, view['type']);
    return check.problems;
  }
  check.surface = type;
  checkShape(check, view, at, viewShapes[type], []);
  if (view['blocks'] !== undefined) {
    checkBlocks(check, view['blocks'], `${at}/blocks`);
    checkTogether(check, [{ blocks: fieldsIn(view['blocks']), at: `${at}/blocks` }]);
  }
  const hasInput = fieldsIn(view['blocks']).some((block) => block['type'] === 'input');
  if (type === 'modal' && hasInput && view['submit'] === undefined) {
    complain(check, at, 'missing_field', 'missing required field: submit', { field: 'submit' });
  }
  return check.problems;
}

export function isTooLarge(view: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(view) ?? '') > surfaceLimits.viewBytes;
}

export function problemLine(problem: Problem): string {
  return `${problem.message} [json-pointer:${problem.pointer}]`;
}
