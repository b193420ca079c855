import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alignEdges } from '../../../src/features/drift/detectors/alignment.ts';
import { problemOfCounts } from '../../../src/features/drift/detectors/counts.ts';
import { histogramMethods } from '../../../src/features/drift/detectors/methods.ts';
import { sorted } from '../../../src/features/drift/detectors/samples.ts';
import { type Settings, step } from '../../../src/features/drift/rules.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import { charts } from './detectors/charts.ts';
import { AnyNumber, ofHistograms, ofSamples } from './detectors/fields.ts';

const Case = z.strictObject({
  id: z.string(),
  kind: z.string(),
  method: z.string().optional(),
  note: z.string().nullable().optional(),
  input: z.unknown(),
  expected: z.unknown(),
});
type Case = z.infer<typeof Case>;
const Vectors = z.object({ series: z.record(z.string(), z.array(z.number())), cases: z.array(Case) });
const vectors = Vectors.parse(JSON.parse(readFileSync('test/fixtures/drift-vectors.json', 'utf8')));

const Counts = z.array(z.number());
const Fields = z.record(z.string(), z.unknown());
const Histograms = z.strictObject({ ref: Counts, cur: Counts, edges: Counts.optional() });
const Samples = z.strictObject({ ref: Counts, cur: Counts });
const Unaligned = z.strictObject({ ref_edges: Counts, ref: Counts, cur_edges: Counts, cur: Counts });
const Series = z.strictObject({ series: z.union([z.string(), Counts]), params: z.unknown() });
const Broken = z.strictObject({
  ref: z.array(AnyNumber),
  cur: z.array(AnyNumber),
  edges: z.array(AnyNumber).optional(),
});
const Machinery = z.strictObject({
  values: z.array(z.number().nullable()),
  params: z.strictObject({
    raise_at: z.number(),
    clear_at: z.number(),
    n: z.number(),
    clear_n: z.number(),
    cooldown: z.number(),
    higher_bad: z.boolean().default(true),
  }),
});

/** What is off, by kind of case; a kind, method or field that is not known here fails. */
const kinds: Record<string, (each: Case) => string[]> = {
  histogram: ({ input, expected }) => {
    const { ref, cur, edges } = Histograms.parse(input);
    return Object.entries(Fields.parse(expected)).flatMap(([field, value]) =>
      differences(known(ofHistograms, field)(ref, cur, edges ?? []), value, field),
    );
  },
  sample: ({ input, expected }) => {
    const { ref, cur } = Samples.parse(input);
    const [a, b] = [sorted(ref), sorted(cur)];
    return Object.entries(Fields.parse(expected)).flatMap(([field, value]) =>
      differences(known(ofSamples, field)(a, b), asked(value), field),
    );
  },
  align: ({ input, expected }) => {
    const given = Unaligned.parse(input);
    const { edges, ref, cur } = alignEdges(
      { edges: given.ref_edges, counts: given.ref },
      { edges: given.cur_edges, counts: given.cur },
    );
    const aligned: Record<string, unknown> = { edges, ref_rebinned: ref, cur_rebinned: cur };
    return Object.entries(Fields.parse(expected)).flatMap(([field, value]) =>
      differences(field in aligned ? aligned[field] : known(ofHistograms, field)(ref, cur, edges), value, field),
    );
  },
  series: ({ method, input, expected }) => {
    const { series, params } = Series.parse(input);
    const values = typeof series === 'string' ? known(vectors.series, series) : series;
    return differences(known(charts, method ?? 'none')(values, params), expected, 'series');
  },
  alert_fsm: ({ input, expected }) => differences(turns(Machinery.parse(input)), expected, 'turns'),
  error: ({ input, expected }) => {
    const { ref, cur, edges } = Broken.parse(input);
    const code = problemOfCounts(ref, cur, edges);
    const unsaid = histogramMethods.filter(({ score }) => refusalOf(() => score(ref, cur, edges ?? [])) === undefined);
    return [
      ...differences({ error: code }, expected, 'error'),
      ...unsaid.filter(() => !edges).map(({ name }) => `${name} takes it`),
    ];
  },
};

function turns({ values, params }: z.infer<typeof Machinery>) {
  const settings: Settings = {
    direction: params.higher_bad ? 'above' : 'below',
    raiseAt: params.raise_at,
    clearAt: params.clear_at,
    consecutive: params.n,
    clearConsecutive: params.clear_n,
    cooldown: params.cooldown,
  };
  let machine: Parameters<typeof step>[0] = { state: 'ok', badStreak: 0, goodStreak: 0, sinceRaise: null };
  return values.map((value) => {
    const { next, turn } = step(machine, value, settings);
    machine = next;
    return [next.state, turn];
  });
}

function known<T>(table: Record<string, T>, name: string): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined) throw new Error(`the vectors ask for "${name}", which nothing here computes`);
  return found;
}

/** Where its makers could not compute the exact p they left null, and ask nothing. */
function asked(value: unknown): unknown {
  const fields = Fields.safeParse(value);
  if (!fields.success || fields.data['p_exact'] !== null) return value;
  return Object.fromEntries(Object.entries(fields.data).filter(([field]) => field !== 'p_exact'));
}

function refusalOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Refusal ? error.message : undefined;
  }
}

/** To 1e-12, relative above 1; a JS distance next to 0 to 2e-8. Fields that nothing is expected of are free. */
function differences(got: unknown, expected: unknown, path: string): string[] {
  const off = [`${path} is ${String(got)}, not ${String(expected)}`];
  if (expected === 'Infinity') return got === Number.POSITIVE_INFINITY ? [] : off;
  if (typeof expected === 'number') {
    const loose = path.includes('js_distance') && expected < 1e-3;
    const allowed = loose ? 2e-8 : 1e-12 * Math.max(1, Math.abs(expected));
    return typeof got === 'number' && Math.abs(got - expected) <= allowed ? [] : off;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) return off;
    return expected.flatMap((each, i) => differences(got[i], each, `${path}.${i}`));
  }
  const fields = Fields.safeParse(expected);
  if (!fields.success) return got === expected ? [] : off;
  const object = Fields.safeParse(got);
  if (!object.success) return off;
  return Object.entries(fields.data).flatMap(([field, value]) =>
    differences(known(object.data, field), value, `${path}.${field}`),
  );
}

describe('the vectors', () => {
  it.each(vectors.cases)('$id', (each) => expect(known(kinds, each.kind)(each)).toEqual([]));

  it('are not passed by something else', () => {
    expect(() => known(kinds, 'histogramm')).toThrow('which nothing here computes');
    expect(() => differences({ p: 1 }, { p: 1, stat: 2 }, 'chi2')).toThrow('"stat"');
    expect(differences(1 + 2e-12, 1, 'psi')).toHaveLength(1);
    expect(differences(Number.NaN, 1, 'psi')).toHaveLength(1);
    expect(differences([1, 2], [1], 'trace')).toHaveLength(1);
    expect(differences(null, { p: 1 }, 'chi2')).toHaveLength(1);
    expect(differences(0, null, 'alarm')).toHaveLength(1);
  });
});
