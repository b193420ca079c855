import { isBad, type Settings, step } from './rules.ts';
import type { Columns, ColumnState, Finding, Machine, Watch } from './schema.ts';

/** One window of one watch: what was found in each column. `rows` is what the whole window was computed from. */
export interface Window {
  readonly at: Date;
  readonly findings: readonly Finding[];
  readonly rows?: number | null;
  /** Further columns of a window of which some were judged before. */
  readonly isMore?: boolean;
}

export interface Stepped {
  readonly columns: Columns;
  readonly raised: readonly string[];
}

type Limits = Pick<
  Watch,
  'method' | 'direction' | 'raiseAt' | 'clearAt' | 'consecutive' | 'clearConsecutive' | 'cooldown' | 'minRows'
>;

const atRest: Machine = { state: 'ok', badStreak: 0, goodStreak: 0, sinceRaise: null };

/**
 * Puts one window through the machine of each column in it; a column that is not in it keeps its streak. Only columns
 * that are not at rest are kept, so that 500 quiet features weigh nothing.
 */
export function stepColumns(columns: Columns, window: Window, by: Limits): Stepped {
  const kept = new Map(Object.entries(columns));
  const raised: string[] = [];
  for (const finding of window.findings) {
    const key = keyOf(finding);
    const before = kept.get(key);
    const { value, settings } = judged(finding, window, by);
    const { next, turn } = step(before ?? atRest, value, settings);
    if (turn === 'skip') continue;
    if (turn === 'raise') raised.push(key);
    const after = stateOf(before, next, value !== null && isBad(value, settings), finding, window.at);
    if (after && !isAtRest(next, by)) kept.set(key, after);
    else kept.delete(key);
  }
  return { columns: Object.fromEntries(kept), raised };
}

const keyOf = ({ method, column }: Finding) => `${method} ${column}`;

/**
 * The number that the machine compares, and with what. What a tool judged itself counts as it was judged. A score
 * beyond its limit that was not called drift (a p-value of very many rows) says nothing either way.
 */
function judged(finding: Finding, window: Window, by: Limits): { value: number | null; settings: Settings } {
  const { score, limit, drifted } = finding;
  const rows = finding.rows ?? window.rows;
  const enough = rows === undefined || rows === null || rows >= by.minRows;
  if (by.method === 'verdict') {
    const settings = { ...by, direction: 'above' as const, raiseAt: 0, clearAt: 0 };
    return { value: enough && (drifted || score !== null) ? Number(drifted) : null, settings };
  }
  const ownLimit = limit !== null && limit !== by.raiseAt;
  const settings = ownLimit ? { ...by, direction: finding.direction, raiseAt: limit, clearAt: limit } : by;
  const says = score !== null && (drifted || !isBad(score, settings));
  return { value: enough && says ? score : null, settings };
}

function stateOf(
  before: ColumnState | undefined,
  next: Machine,
  bad: boolean,
  finding: Finding,
  at: Date,
): ColumnState | undefined {
  if (bad) {
    const goesOn = before !== undefined && before.windows > 0;
    return {
      ...next,
      since: goesOn ? before.since : at.toISOString(),
      windows: goesOn ? before.windows + 1 : 1,
      finding,
    };
  }
  if (!before) return undefined;
  return next.state === 'firing' ? { ...before, ...next } : { ...before, ...next, windows: 0 };
}

function isAtRest({ state, badStreak, sinceRaise }: Machine, { cooldown }: Limits): boolean {
  return state === 'ok' && badStreak === 0 && (sinceRaise === null || sinceRaise >= cooldown);
}

/** The columns that fire now, as they were when last bad. */
export function firing(columns: Columns): ColumnState[] {
  return Object.values(columns).filter(({ state }) => state === 'firing');
}
