import { Refusal } from '../../lib/refusal.ts';
import type { PromptState, RunState, ShownFact } from '../rituals/schema.ts';
import type { Answer, KeptFacts, Row } from './schema.ts';

export const noFacts: KeptFacts = { offGoal: [], releases: [], data: [], alerts: [], incidents: [], missing: [] };

const mostRows = 20;
const longestRow = 300;
const mostTicked = 10;

/** Facts that a person would say themselves, shown to be ticked off; the others are rows of the plan or only known. */
export const tickable = (facts: readonly ShownFact[]): ShownFact[] =>
  facts.filter(({ becomes }) => becomes === 'done').slice(0, mostTicked);

/** What somebody would plan without a word: what they had planned and did not do, then what waits for them. */
export function startingPlan(before: readonly Row[], facts: readonly ShownFact[]): Row[] {
  const fresh = facts
    .filter(({ becomes }) => becomes === 'waits' || becomes === 'plan')
    .map(({ suggestion, modelId, key }) => ({ text: suggestion, modelId, fact: key }));
  const seen = new Set(before.flatMap(({ fact, text }) => [fact ?? '', text]));
  return [...before, ...fresh.filter(({ fact, text }) => !seen.has(fact) && !seen.has(text))].slice(0, mostRows);
}

/** What was planned before and is not done yet. */
export function openRows(before: Pick<Answer, 'plan'> | undefined): readonly Row[] {
  return before?.plan ?? [];
}

/**
 * The lines of a text as rows: a line that somebody left as it was keeps its model and its fact, and what they ticked as
 * done is planned no more.
 */
export function planFrom(text: string, known: readonly Row[], done: readonly Row[]): Row[] {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^\s*[-*•]\s+/, '').trim())
    .filter((line) => line !== '');
  if (lines.length > mostRows)
    throw new Refusal(`A plan has at most ${mostRows} lines; this one has ${lines.length}.`, { field: 'plan' });
  const tooLong = lines.find((line) => line.length > longestRow);
  if (tooLong !== undefined)
    throw new Refusal(
      `A line has at most ${longestRow} characters. Shorten the one that begins "${tooLong.slice(0, 30)}".`,
      { field: 'plan' },
    );
  const byText = new Map(known.map((row) => [row.text, row]));
  const ticked = new Set(done.map((row) => row.text));
  return [...new Set(lines)].filter((line) => !ticked.has(line)).map((line) => byText.get(line) ?? { text: line });
}

export const asLines = (rows: readonly Row[]): string => rows.map(({ text }) => text).join('\n');

const heldUp = /\b(blocked|blocker|stuck|held up|waiting (on|for))\b/i;

/** Words in what is new that may mean something is in the way. The person is asked once; nothing is guessed. */
export function soundsHeldUp(text: string, known: readonly Row[]): boolean {
  const said = new Set(known.map((row) => row.text));
  return text.split('\n').some((line) => heldUp.test(line) && !said.has(line.trim()));
}

const oldestDays = 30;

/** Whether somebody may still say something to a run, and how it is shown. */
export function taking(
  run: { readonly state: RunState; readonly date: string },
  prompt: PromptState | undefined,
  today: string,
): 'open' | 'late' | 'after' {
  if (prompt === 'left') throw new Refusal('You are no longer in this team, so it does not ask you.');
  const age = (Date.parse(today) - Date.parse(run.date)) / 86_400_000;
  if (age > oldestDays)
    throw new Refusal(`That was more than ${oldestDays} days ago. Answer the newest one: \`/ml standup\`.`);
  switch (run.state) {
    case 'planned':
    case 'open':
      return 'open';
    case 'posted':
      return 'late';
    case 'closed':
    case 'missed':
      return 'after';
  }
}

/** Nobody is left who could still answer before the digest is due. */
export function isComplete(states: readonly PromptState[]): boolean {
  return (
    states.some((state) => state === 'answered') &&
    !states.some((state) => state === 'waiting' || state === 'sent' || state === 'home')
  );
}

/** How many were asked and have not answered: a number, no names. Who is away is not among them. */
export function missing(states: readonly PromptState[]): number {
  return states.filter((state) => state === 'sent' || state === 'home' || state === 'waiting').length;
}
