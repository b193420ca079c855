import type { LineTag } from '../../incidents/timeline/schema.ts';
import type { Sections } from '../draft.ts';
import type { Commitment, Factor } from '../schema.ts';

export const checkIds = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11', 'C12', 'C13'] as const;
export type CheckId = (typeof checkIds)[number];

/** What can be seen of a post-mortem without reading a sentence of it. `undefined`: nobody knows. */
export interface Structure {
  readonly factors: readonly Pick<Factor, 'category'>[];
  readonly sections: Sections;
  /** Those that still stand. */
  readonly commitments: readonly Pick<Commitment, 'ownerId' | 'due' | 'verification' | 'type'>[];
  /** As it was curated, oldest first, without hidden lines. */
  readonly timeline: readonly { readonly at: Date; readonly tag: LineTag | undefined }[];
  readonly detectedAt: Date | undefined;
  readonly resolvedAt: Date | undefined;
  /** Who wrote on the document. */
  readonly writers: readonly string[];
  /** Who did or said something between detection and end. */
  readonly active: readonly string[];
  readonly facilitator: string | undefined;
  readonly isImpactMeasured: boolean | undefined;
  readonly areLabelsIn: boolean | undefined;
  /** When it is talked through, as far as that is known. */
  readonly reviewAt: Date;
  readonly dueAt: Date;
}

export const quietHours = 12;
const hourMs = 3_600_000;
const fewestFactors = 2;
const mostOfOne = 0.6;
const several = 3;
/** More are rarely all kept. */
export const mostPromised = 5;

/** True: worth a question. Undefined: what it would take to know is not on record, so nothing is asked. */
type Check = (of: Structure) => boolean | undefined;

const checks: Readonly<Record<CheckId, Check>> = {
  C1: ({ factors }) => factors.length < fewestFactors,
  C2: ({ factors }) => factors.length >= fewestFactors && new Set(factors.map(({ category }) => category)).size === 1,
  C3: ({ timeline: [first], detectedAt }) => detectedAt && (first === undefined || first.at >= detectedAt),
  C4: ({ timeline }) => !timeline.some(({ tag }) => tag === 'decision'),
  C5: ({ sections }) => !sections.went_well && !sections.lucky && !sections.held,
  C6: ({ commitments }) =>
    commitments.some((each) => [each.ownerId, each.due, each.verification].some((said) => said.trim() === '')),
  C7: ({ commitments }) => commitments.length > 0 && commitments.every(({ type }) => type === 'learn'),
  // Who acted last is not on record, and is not looked for: what is seen is only how the work is shared.
  C8: ({ commitments }) => commitments.length >= several && mostWithOne(commitments) > mostOfOne * commitments.length,
  C9: ({ facilitator, active }) => (facilitator === undefined ? undefined : active.includes(facilitator)),
  C10: ({ writers, active }) => new Set(writers).size === 1 && new Set(active).size >= several,
  C11: ({ isImpactMeasured, areLabelsIn }) =>
    isImpactMeasured === undefined || areLabelsIn === undefined ? undefined : isImpactMeasured && !areLabelsIn,
  C12: ({ resolvedAt, reviewAt, dueAt }) =>
    resolvedAt && (reviewAt.getTime() - resolvedAt.getTime() < quietHours * hourMs || reviewAt > dueAt),
  C13: ({ commitments }) => commitments.length > mostPromised,
};

function mostWithOne(commitments: Structure['commitments']): number {
  const owners = commitments.map(({ ownerId }) => ownerId);
  return Math.max(0, ...owners.map((owner) => owners.filter((each) => each === owner).length));
}

/** What changes most of what is learnt comes first; who and when come after. */
const byValue: readonly CheckId[] = ['C1', 'C2', 'C4', 'C7', 'C5', 'C10', 'C3', 'C9', 'C11', 'C6', 'C13', 'C12', 'C8'];

/** What is worth a question, the most valuable first. */
export function found(structure: Structure): readonly CheckId[] {
  return byValue.filter((id) => checks[id](structure) === true);
}
