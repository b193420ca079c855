import type { Evaluation, Outcome, Override, Result } from './schema.ts';

export type State = 'no_gate' | 'not_checked' | 'pass' | 'overridden' | 'failed' | 'void';

export const outcomeMarks: Readonly<Record<Outcome, { readonly emoji: string; readonly word: string }>> = {
  pass: { emoji: ':white_check_mark:', word: 'passes' },
  fail: { emoji: ':x:', word: 'fails' },
  missing: { emoji: ':grey_question:', word: 'missing' },
  inconclusive: { emoji: ':warning:', word: 'cannot be judged yet' },
  skipped: { emoji: ':heavy_minus_sign:', word: 'left out' },
};

/** Required checks that are other than passed, those that fail first. */
export function standingAgainst({ results }: Pick<Evaluation, 'results'>): Result[] {
  const against = results.filter(({ required, outcome }) => required && outcome !== 'pass');
  return against.toSorted((a, b) => Number(b.outcome === 'fail') - Number(a.outcome === 'fail'));
}

const mostNamed = 3;

/** A question stands for itself; every other check is its line. */
export function titleOf({ check, line }: Pick<Result, 'check' | 'line'>): string {
  return check?.kind === 'manual' ? check.question : line;
}

export function wordOf({ check, outcome }: Pick<Result, 'check' | 'outcome'>): string {
  return check?.kind === 'manual' && outcome === 'missing' ? 'not answered yet' : outcomeMarks[outcome].word;
}

/** "auc >= 0.8 – fails; external "unit tests" – missing; and 2 more" */
export function againstWords(evaluation: Pick<Evaluation, 'results'>): string {
  const against = standingAgainst(evaluation);
  const named = against.slice(0, mostNamed).map((result) => `${titleOf(result)} – ${wordOf(result)}`);
  const more = against.length - named.length;
  return `${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

interface Standing {
  readonly state: State;
  readonly model: string;
  readonly environment: string;
  readonly version: string;
  readonly evaluation?: Evaluation | undefined;
  readonly override?: Override | undefined;
  /** Why a result no longer counts. */
  readonly changes?: readonly string[];
}

/** Where a version stands, in a sentence or two that say the next step. */
export function standingWords({
  state,
  model,
  environment,
  version,
  evaluation,
  override,
  changes = [],
}: Standing): string {
  const check = `check ${evaluation?.number ?? 0}`;
  switch (state) {
    case 'no_gate':
      return `${model} has no gate in ${environment} yet. Make one with /ml gate edit ${model}.`;
    case 'not_checked':
      return `Version ${version} was not checked against the gate of ${environment} yet. Check it with /ml gate check ${model} ${version}.`;
    case 'pass':
      return `Version ${version} passes the gate of ${environment} (${check}).`;
    case 'overridden':
      return `Version ${version} does not pass the gate of ${environment} (${check}), and that was overridden: ${override?.reason ?? ''}`;
    case 'failed':
      return `Version ${version} does not pass the gate of ${environment} (${check}): ${evaluation ? againstWords(evaluation) : ''}.`;
    case 'void':
      return `Check ${evaluation?.number ?? 0} of version ${version} is out of date: ${changes.join('; ')}. Check it again.`;
  }
}
