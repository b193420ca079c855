import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Spec = z.record(z.string(), z.unknown());
export type Spec = z.infer<typeof Spec>;

const Surfaces = z.object({ message: z.unknown(), modal: z.unknown(), home: z.unknown() });
const Kind = z.looseObject({
  surfaces: Surfaces.optional(),
  blocks: z.array(z.string()).optional(),
  required: z.array(z.string()).default([]),
  anyOf: z.array(z.string()).optional(),
  oneOf: z.array(z.string()).optional(),
  exactlyOneOf: z.array(z.string()).optional(),
  mutuallyExclusive: z.array(z.array(z.string())).optional(),
  forbidden: z.array(z.string()).optional(),
  fields: z.record(z.string(), Spec).default({}),
  extends: z.string().optional(),
  initial: z.string().optional(),
  drops: z.array(z.string()).default([]),
  extra: z.record(z.string(), Spec).default({}),
});
export type Kind = z.infer<typeof Kind>;

const Table = z.object({
  surfaces: z.object({ message: Spec, modal: Spec, home: Spec }),
  common: z.record(z.string(), Spec),
  blocks: z.record(z.string(), Kind),
  elements: z.record(z.string(), Kind),
  richTextInline: z.record(z.string(), z.array(z.string())),
  objects: z.record(z.string(), Kind),
});

const file = new URL('../../fixtures/blockkit-limits.json', import.meta.url);

/** The limits as they were written down, independent of how the validator keeps them. */
export const table = Table.parse(JSON.parse(readFileSync(file, 'utf8')));

/** A kind with what it takes over from the one it extends: a multi select keeps the fields of the single one. */
export function elementKind(type: string): Kind {
  const own = table.elements[type];
  if (!own) throw new Error(`the table has no element ${type}`);
  const base = own.extends ? table.elements[own.extends] : undefined;
  if (!base) return own;
  const kept = Object.entries(base.fields).filter(
    ([name]) => !own.drops.includes(name) && !name.startsWith('initial_'),
  );
  const single = Object.entries(base.fields).find(([name]) => name.startsWith('initial_'))?.[1] ?? {};
  return {
    ...base,
    fields: { ...Object.fromEntries(kept), ...own.extra, [own.initial ?? 'initial']: { manyOf: single } },
  };
}
