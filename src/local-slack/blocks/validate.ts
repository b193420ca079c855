import { fieldsIn, isFields } from '../json.ts';
import { checkAcross } from './across.ts';
import { type Check, checkBlock, checkShape, complain, type Problem } from './check.ts';
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

export function viewProblems(view: unknown, allowed: readonly ('modal' | 'home')[], isPicture: IsPicture): Problem[] {
  const check: Check = { surface: 'modal', problems: [], isPicture };
  if (!isFields(view)) {
    complain(check, '/view', 'invalid_type', 'must provide an object');
    return check.problems;
  }
  const type = allowed.find((each) => each === view['type']);
  if (!type) {
    if (view['type'] === undefined)
      complain(check, '/view', 'missing_field', 'missing required field: type', { field: 'type' });
    else complain(check, '/view/type', 'invalid_enum', 'must be a valid enum value');
    return check.problems;
  }
  check.surface = type;
  checkShape(check, view, '/view', viewShapes[type], []);
  if (view['blocks'] !== undefined) checkBlocks(check, view['blocks'], '/view/blocks');
  const hasInput = fieldsIn(view['blocks']).some((block) => block['type'] === 'input');
  if (type === 'modal' && hasInput && view['submit'] === undefined) {
    complain(check, '/view', 'missing_field', 'missing required field: submit', { field: 'submit' });
  }
  return check.problems;
}

export function isTooLarge(view: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(view) ?? '') > surfaceLimits.viewBytes;
}

export function problemLine(problem: Problem): string {
  return `${problem.message} [json-pointer:${problem.pointer}]`;
}
