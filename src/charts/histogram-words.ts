import { type Bin, movers } from './bins.ts';
import { isBeyond, type Limit } from './breaches.ts';
import { shortened } from './lettering.ts';
import { figure, percent } from './wording.ts';

export interface Verdict {
  readonly method: string;
  readonly score: number | null;
  readonly limit: Pick<Limit, 'value' | 'side'> | undefined;
}

export const isOver = ({ score, limit }: Verdict) => score !== null && limit !== undefined && isBeyond(score, limit);

/** "PSI 0.31, limit 0.2" */
export function scoreWords({ method, score, limit }: Verdict): string {
  const scored = score === null ? `${method} not known` : `${method} ${figure(score)}`;
  return limit ? `${scored}, limit ${figure(limit.value)}` : scored;
}

/** "12% → 31%" */
export const shareWords = ({ ref, cur }: Bin) => `${percent(ref)} → ${percent(cur)}`;

/** "+13" or "−9", in points of a hundred. */
export function pointsMoved({ ref, cur }: Bin): string {
  const points = Math.abs(cur - ref) * 100;
  return `${cur < ref ? '−' : '+'}${points >= 10 ? points.toFixed(0) : Number(points.toFixed(1))}`;
}

/** Which side has no values, if any. */
export function emptyWords(bins: readonly Bin[]): string | undefined {
  const has = (side: 'ref' | 'cur') => bins.some((bin) => bin[side] > 0);
  if (has('ref') && has('cur')) return undefined;
  return has('ref') ? 'no current values' : has('cur') ? 'no values in the reference' : 'no values';
}

const longestAlt = 300;

/** "income: PSI 0.31, limit 0.2 crossed; moved most: 20 to 30 from 12% to 25%, 0 to 10 from 9% to 1%" */
export function histogramAlt(title: string, verdict: Verdict, bins: readonly Bin[], of: number): string {
  const crossed = verdict.limit && verdict.score !== null ? ` ${isOver(verdict) ? 'crossed' : 'kept'}` : '';
  const empty = emptyWords(bins);
  const most = empty
    ? []
    : movers(bins, 3).map((bin) => `${shortened(bin.name, 40)} from ${percent(bin.ref)} to ${percent(bin.cur)}`);
  const head = `${shortened(title, 100)}: ${shortened(scoreWords(verdict), 80)}${crossed}`;
  const joined = of > bins.length ? `; ${of} bins drawn as ${bins.length}` : '';
  if (empty) return `${head}; ${empty}`;
  if (most.length === 0) return `${head}; same shares as the reference${joined}`;
  const listed = most.reduce((said, part) =>
    head.length + said.length + part.length + 40 > longestAlt ? said : `${said}, ${part}`,
  );
  return `${head}; moved most: ${listed}${joined}`;
}
