import { isFields } from '../json.ts';

/** Tables have limits of their own. */
const apart = new Set(['table', 'data_table', 'data_visualization']);

/** How many characters people read in these blocks, tables aside. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + textLength(each), 0);
  if (!isFields(value) || apart.has(String(value['type']))) return 0;
  return Object.entries(value).reduce(
    (sum, [name, inside]) => sum + (name === 'text' && typeof inside === 'string' ? inside.length : textLength(inside)),
    0,
  );
}
