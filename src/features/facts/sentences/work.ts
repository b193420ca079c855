import { plural } from '../../../slack/mrkdwn.ts';
import { elapsedDays, outcomeWords, serviceLevel, stateWords } from '../../work/rules.ts';
import type { WorkItem } from '../../work/schema.ts';
import { isOthers, on, quoted, type Reader, type Said, since } from '../words.ts';

export interface WorkRow {
  readonly person_id: string;
  readonly number: number;
  readonly title: string;
  readonly state: WorkItem['state'];
  readonly owner_id: string | null;
  readonly moved_by: string;
  readonly started_at: Date | null;
  readonly outcome: WorkItem['outcome'];
  /** When it came to where it is. */
  readonly at: Date;
  readonly usual_days: number | null;
}

export function workSaid(row: WorkRow, reader: Reader): Said {
  const { person_id, number, title, state, owner_id, moved_by, at } = row;
  const name = `work item ${number}: ${quoted(title)}`;
  const what = `Work item ${number} (${quoted(title)})`;
  const isMine = owner_id === person_id;
  const mover = isOthers(moved_by, person_id) ? '; somebody moved it there' : '';
  const known = { becomes: 'know', suggestion: `Work item ${number} (${quoted(title)})` } as const;
  switch (state) {
    case 'backlog':
      return { words: `${what} is in the backlog ${since(at, reader)}${mover}.`, ...known };
    case 'ready':
      return isMine
        ? {
            words: `${what} is yours, and ready to be started ${since(at, reader)}.`,
            becomes: 'plan',
            suggestion: `Start ${name}`,
          }
        : { words: `${what} is ready to be started ${since(at, reader)}.`, ...known };
    case 'doing':
    case 'review': {
      const words = `${what} is ${stateWords[state]} ${since(at, reader)}${mover}.${oldWords(row, reader)}`;
      if (!isMine) return { words, ...known };
      return {
        words,
        becomes: 'plan',
        suggestion: state === 'doing' ? `Go on with ${name}` : `Get ${name} through its review`,
      };
    }
    case 'done': {
      const outcome = row.outcome === null ? '' : `: ${outcomeWords[row.outcome]}`;
      return {
        words: `${what} was finished ${on(at, reader)}${outcome}.`,
        becomes: isMine || moved_by === person_id ? 'done' : 'know',
        suggestion: `Finished ${name}`,
      };
    }
    case 'dropped':
      return { words: `${what} was dropped ${on(at, reader)}.`, ...known };
  }
}

/** " It is 9 days old; of its kind, 85 % here are done within 6 days. Still on it?" */
function oldWords({ usual_days, started_at }: WorkRow, { now }: Reader): string {
  if (usual_days === null || started_at === null) return '';
  const share = serviceLevel.quantile * 100;
  return ` It is ${plural(elapsedDays(started_at, now), 'day')} old; of its kind, ${share} % here are done within ${plural(usual_days, 'day')}. Still on it?`;
}
