import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Spec = z.record(z.string(), z.unknown());
export type Spec = z.infer<typeof Spec>;

const Surfaces = z.strictObject({ message: z.unknown(), modal: z.unknown(), home: z.unknown() });
const word = z.string().optional();
const Kind = z.strictObject({
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
  interactive: z.boolean().default(false),
  stateful: word,
  formats: z.array(z.string()).optional(),
  names: z.array(z.string()).optional(),
  maxPerMessage: z.number().optional(),
  cumulativeMaxPerPayload: z.number().optional(),
  aggregateCharsPerMessage: z.number().optional(),
  loads: word,
  // Tried by nobody: remarks, and what the stand-in does not hold (see Limits in its README).
  type: word,
  note: word,
  confidence: word,
  notInTypes: z.boolean().optional(),
  sizeLimit: word,
  scope: word,
  maxFileBytes: z.number().optional(),
});
export type Kind = z.infer<typeof Kind>;

const Table = z.strictObject({
  $comment: word,
  sources: z.unknown(),
  surfaces: z.strictObject({ message: Spec, modal: Spec, home: Spec }),
  common: z.record(z.string(), Spec),
  blocks: z.record(z.string(), Kind),
  elements: z.record(z.string(), Kind),
  richTextInline: z.record(z.string(), z.array(z.string())),
  objects: z.record(z.string(), Kind),
  blocksValidate: z.strictObject({
    method: z.string(),
    auth: z.literal('none'),
    args: z.string(),
    okResponse: Spec,
    errorResponse: z.strictObject({ ok: z.literal(false), error: z.string(), errors: z.array(Spec) }),
  }),
  liveErrorStrings: z.strictObject({ postMessage: z.string(), knownPhrases: z.array(z.string()), note: word }),
  responseNormalisation: z.record(z.string(), z.string()),
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
    stateful: own.stateful ?? base.stateful,
    fields: { ...Object.fromEntries(kept), ...own.extra, [own.initial ?? 'initial']: { manyOf: single } },
  };
}

/** A number of the table, by its path. */
export function num(...path: readonly string[]): number {
  let at: unknown = table;
  for (const key of path) at = Spec.catch({}).parse(at)[key];
  return z.number(`${path.join('.')} is no number`).parse(at);
}
