import { blockProblems, isTooLarge, problemLine, viewProblems } from '../../src/local-slack/blocks/validate.ts';
import type { Fields } from '../../src/local-slack/json.ts';

/** What Slack would say against a message; its pictures are not uploaded yet. */
export function messageProblems({ text, blocks }: { text: string; blocks: unknown }): string[] {
  const found = blockProblems(blocks, 'message', () => true).map(problemLine);
  return text.trim() === '' ? ['no text for notifications', ...found] : found;
}

export function viewComplaints(view: Fields): string[] {
  const found = viewProblems(view, ['modal', 'home'], () => true).map(problemLine);
  return isTooLarge(view) ? ['view_too_large', ...found] : found;
}

/** Of what went over the wire to a stand-in that takes everything. */
export function wireProblems({ view, blocks }: Fields): string[] {
  const read = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);
  if (view !== undefined) return viewComplaints({ ...Object(read(view)) });
  return blocks === undefined ? [] : blockProblems(read(blocks), 'message', () => true).map(problemLine);
}
