import { Refusal } from '../../lib/refusal.ts';
import type { Outcome, State, Type, WorkItem } from './schema.ts';

/** Where it can go from where it is, the likeliest first. */
export const nextStates: Readonly<Record<State, readonly State[]>> = {
  backlog: ['doing', 'ready', 'dropped'],
  ready: ['doing', 'backlog', 'dropped'],
  doing: ['done', 'review', 'ready', 'dropped'],
  review: ['done', 'doing', 'dropped'],
  done: ['doing'],
  dropped: ['backlog'],
};

/** What is furthest first. */
export const openStates = ['doing', 'review', 'ready', 'backlog'] as const satisfies readonly State[];

export const stateWords: Readonly<Record<State, string>> = {
  backlog: 'in the backlog',
  ready: 'ready to be started',
  doing: 'in progress',
  review: 'in review',
  done: 'done',
  dropped: 'dropped',
};

export const typeWords: Readonly<Record<Type, string>> = {
  feature: 'Feature',
  bug: 'Bug',
  chore: 'Chore',
  data: 'Data work',
  spike: 'Spike: a question to answer',
};

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  supported: 'supported',
  not_supported: 'not supported',
  inconclusive: 'inconclusive',
};

/** What a spike found; a clear no is as good a result as a yes. */
export interface Finding {
  readonly outcome: Outcome;
  readonly finding: string;
}

type Movable = Pick<WorkItem, 'number' | 'type' | 'state' | 'ownerId' | 'movedBy' | 'startedAt'>;
type Moved = Pick<
  WorkItem,
  'state' | 'ownerId' | 'movedBy' | 'movedAt' | 'startedAt' | 'finishedAt' | 'outcome' | 'finding'
>;

/** `seen`: the state that stood beside the button. Whoever starts what nobody has, has it. */
export function moved(
  before: Movable,
  to: State,
  { seen, by, now, found }: { seen: State; by: string; now: Date; found?: Finding | undefined },
): Moved {
  const { number, type, state, ownerId, movedBy, startedAt } = before;
  if (state !== seen)
    throw new Refusal(
      `Work item ${number} is ${stateWords[state]} now: <@${movedBy}> moved it. Open it again to go on from there.`,
    );
  if (!nextStates[state].includes(to))
    throw new Refusal(`Work item ${number} is ${stateWords[state]}, and cannot be ${stateWords[to]} next.`);
  if (type === 'spike' && to === 'done' && !found)
    throw new Refusal('A spike is done once it says what was found.', { field: 'finding' });
  const isStarted = to === 'doing' || to === 'review' || to === 'done';
  return {
    state: to,
    ownerId: ownerId ?? (isStarted ? by : null),
    movedBy: by,
    movedAt: now,
    startedAt: startedAt ?? (isStarted ? now : null),
    finishedAt: to === 'done' ? now : null,
    outcome: to === 'done' ? (found?.outcome ?? null) : null,
    finding: to === 'done' ? (found?.finding ?? '') : '',
  };
}

export const isOver = ({ state }: Pick<WorkItem, 'state'>): boolean => state === 'done' || state === 'dropped';

/** `to`: whom, once that is known. */
export function mayGive({ number, state, ownerId }: WorkItem, to?: string): void {
  if (isOver({ state })) throw new Refusal(`Work item ${number} is ${stateWords[state]}. Open it again first.`);
  if (to !== undefined && ownerId === to)
    throw new Refusal(`<@${to}> has work item ${number} already.`, { field: 'ownerId' });
}

export const longestTitle = 150;
export const longestDetails = 2000;

export function checkedTitle(typed: string): string {
  const title = typed.replaceAll('\0', '').replaceAll(/\s+/g, ' ').trim();
  if (title.length < 3) throw new Refusal('Say it in a few words.', { field: 'title' });
  if (title.length > longestTitle)
    throw new Refusal(`Say it in at most ${longestTitle} characters.`, { field: 'title' });
  return title;
}

/** Finished items of one team and type that a service level is read from, the newest ones; fewer say nothing. */
export const serviceLevel = { quantile: 0.85, newest: 30, fewest: 11 } as const;

const dayMs = 86_400_000;

/** Elapsed calendar days, rounded up, one at least: work item age, and cycle time once it is finished. */
export function elapsedDays(from: Date, to: Date): number {
  return Math.max(1, Math.ceil((to.getTime() - from.getTime()) / dayMs));
}
