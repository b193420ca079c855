import { z } from 'zod';
import { alignCategories, alignEdges } from '../drift/detectors/alignment.ts';
import { sumOf } from '../drift/detectors/counts.ts';
import { type HistogramMethod, histogramMethods, mayAlertAlone } from '../drift/detectors/methods.ts';
import type { Finding } from '../drift/schema.ts';
import type { Histogram, Reference, Shape } from './schema.ts';

const mostBins = 1000;
const name = z.string().trim().min(1).max(200);
const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const whole = z.number().int().min(0).max(2_147_483_647);

/** One feature in one window: `edges` with one count less, or `categories`. `reference` freezes it as what later ones are compared with. */
export const PostedHistogram = z
  .object({
    model: name,
    column: name,
    environment: name.optional(),
    at: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .optional(),
    edges: z
      .array(z.number())
      .min(2)
      .max(mostBins + 1)
      .optional(),
    counts: z.array(count).min(1).max(mostBins).optional(),
    categories: z
      .record(z.string().max(200), count)
      .refine((all) => Object.keys(all).length <= mostBins, `at most ${mostBins} categories`)
      .optional(),
    nulls: whole.default(0),
    reference: z.boolean().default(false),
  })
  .superRefine(({ edges, counts, categories }, problem) => {
    const wrong = (field: string, message: string) => problem.addIssue({ code: 'custom', path: [field], message });
    if (categories && (edges || counts)) return wrong('categories', 'say either edges and counts, or categories');
    if (categories) return Object.keys(categories).length > 0 ? undefined : wrong('categories', 'is empty');
    if (!counts) return wrong('counts', 'is missing');
    if (!edges) return wrong('edges', 'is missing');
    if (edges.length !== counts.length + 1)
      return wrong('edges', `has to be one more than the ${counts.length} counts`);
    const falls = edges.findIndex((edge, i) => i > 0 && edge <= (edges[i - 1] ?? edge));
    return falls > 0 ? wrong(`edges.${falls}`, 'the edges have to rise from each one to the next') : undefined;
  });
export type PostedHistogram = z.infer<typeof PostedHistogram>;

export function shapeOf({ edges, counts, categories }: PostedHistogram): Shape {
  return categories ? { categories } : { edges: edges ?? [], counts: counts ?? [] };
}

export const rowsOf = (shape: Shape): number =>
  Math.round(sumOf('counts' in shape ? shape.counts : Object.values(shape.categories)));

type Lies = Pick<Histogram, 'column' | 'shape' | 'rows' | 'nulls'>;

/** What a comparison of two histograms of one feature says by this method. Null score: they cannot be compared. */
export function compared(method: HistogramMethod, limit: number, ref: Lies, cur: Lies): Finding {
  const score = scoreOf(method, ref.shape, cur.shape);
  const beyond = score !== null && (method.direction === 'above' ? score > limit : score < limit);
  return {
    column: cur.column,
    method: method.name,
    label: method.label,
    base: method.base,
    score,
    limit,
    direction: method.direction,
    drifted: beyond && mayAlertAlone(method, cur.rows),
    rows: cur.rows,
  };
}

function scoreOf(method: HistogramMethod, ref: Shape, cur: Shape): number | null {
  if (rowsOf(ref) === 0 || rowsOf(cur) === 0) return null;
  if ('counts' in ref && 'counts' in cur) {
    const aligned = alignEdges(ref, cur);
    return method.score(aligned.ref, aligned.cur, aligned.edges);
  }
  if ('counts' in ref || 'counts' in cur || method.ordered) return null;
  const aligned = alignCategories(ref.categories, cur.categories);
  return method.score(aligned.ref, aligned.cur);
}

/** So many more of a feature's values are missing than in its reference, in shares of all rows. */
const missingLimit = 0.05;

export function missingMore(ref: Lies, cur: Lies): Finding {
  const share = ({ rows, nulls }: Lies) => (rows + nulls === 0 ? 0 : nulls / (rows + nulls));
  const more = share(cur) - share(ref);
  return {
    column: cur.column,
    method: 'missing_share',
    label: 'Share of missing values, more than in the reference',
    score: more,
    limit: missingLimit,
    direction: 'above',
    drifted: more > missingLimit,
    rows: cur.rows + cur.nulls,
    because: `${percent(share(cur))} missing now, ${percent(share(ref))} in the reference`,
  };
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** Every method's score of one feature, for whoever asks why. */
export function allScores(ref: Lies, cur: Lies): Finding[] {
  return histogramMethods.map((method) => compared(method, method.alert, ref, cur));
}

/** Whether the shapes can be held against each other at all. */
export function isSameKind(ref: Pick<Reference, 'shape'>, cur: Pick<Histogram, 'shape'>): boolean {
  return 'counts' in ref.shape === 'counts' in cur.shape;
}
