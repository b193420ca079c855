import { Refusal } from '../../lib/refusal.ts';
import type { Said } from './schema.ts';
import { type Section, sections, sheet, type SheetItem } from './sheet.ts';

/** Half a point by hand and documented, a full one where a machine does it. */
export const pointsOf: Readonly<Record<Said, number>> = { automated: 1, manual: 0.5, not_done: 0 };

const dayMs = 86_400_000;
/** An answer that is older asks to be confirmed; it keeps its points until somebody says otherwise. */
const confirmDays = 180;

export interface Answered {
  readonly said: Said;
  readonly by: string;
  readonly at: Date;
  readonly evidence: string;
  readonly note: string;
}

/** What our own records prove, in words with its count or date. */
export type Proofs = Readonly<Partial<Record<string, string>>>;

export interface Line {
  readonly item: SheetItem;
  readonly points: number;
  /** From our own records. */
  readonly proof?: string | undefined;
  readonly answer?: Answered | undefined;
  readonly isOld: boolean;
}

/** What our records prove counts in full; else what people said. */
export function linesOf(proofs: Proofs, said: ReadonlyMap<string, Answered>, now: Date): Line[] {
  return sheet.map((item) => {
    const proof = proofs[item.id];
    const answer = said.get(item.id);
    const points = proof === undefined ? (answer ? pointsOf[answer.said] : 0) : 1;
    const isOld =
      proof === undefined && answer !== undefined && now.getTime() - answer.at.getTime() > confirmDays * dayMs;
    return { item, points, proof, answer, isOld };
  });
}

export interface Score {
  /** The lowest of the four sums, 0 to 7. */
  readonly total: number;
  readonly sums: Readonly<Record<Section, number>>;
  /** What raises it most: an open item of the weakest section. */
  readonly next: SheetItem | undefined;
}

export function scoreOf(lines: readonly Line[]): Score {
  const sumOf = (section: Section) =>
    lines.filter(({ item }) => item.section === section).reduce((sum, { points }) => sum + points, 0);
  const sums = { data: sumOf('data'), model: sumOf('model'), infra: sumOf('infra'), monitor: sumOf('monitor') };
  const total = Math.min(...sections.map((section) => sums[section]));
  const weakest = sections.find((section) => sums[section] === total);
  const open = lines.filter(({ item, points }) => item.section === weakest && points < 1);
  // What was never done raises it by more than what is done by hand.
  const next = open.toSorted((a, b) => a.points - b.points)[0]?.item;
  return { total, sums, next };
}

/** The bands of the paper, in plain words. */
export function bandOf(total: number): string {
  if (total === 0) return 'a research project, not yet something to rely on';
  if (total <= 1) return 'tested in parts, with serious holes';
  if (total <= 2) return 'a first pass is done, more is needed';
  if (total <= 3) return 'reasonably tested';
  if (total <= 5) return 'strongly tested and watched';
  return 'exceptionally well tested and watched';
}

export function checkAnswer(said: Said, evidence: string): void {
  if (said === 'not_done') return;
  if (!/^https?:\/\/\S{3,1000}$/i.test(evidence.trim()))
    throw new Refusal('Give a link to where it can be seen, beginning with https://. Without one it does not count.', {
      field: 'evidence',
    });
}
