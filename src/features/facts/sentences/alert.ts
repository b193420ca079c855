import { clip } from '../../../slack/limits.ts';
import { heaviestOfEach, worstFirst } from '../../drift/rules.ts';
import type { Alert, Item } from '../../drift/schema.ts';
import { capital } from '../../../lib/capital.ts';
import { on, type Reader as Anyone, type Said, since, until } from '../words.ts';

/** To a team nobody is "somebody else". */
interface Reader extends Anyone {
  readonly of: 'person' | 'team';
}

interface AlertRow {
  readonly person_id: string;
  readonly model: string;
  readonly number: number;
  readonly state: Alert['state'];
  readonly outcome: string | null;
  readonly items: readonly Item[];
  readonly raised_at: Date;
  readonly at: Date;
  readonly snoozed_until: Date | null;
  readonly taken_by: string | null;
}

export function alertSaid(row: AlertRow, reader: Reader): Said {
  const isMine = row.taken_by === row.person_id;
  const name = `drift alert ${row.number} of ${row.model}`;
  const what = `Drift alert ${row.number} of ${row.model} (${drifted(row.items)})`;
  const open = `${what} is open ${since(row.raised_at, reader)}`;
  const look = { becomes: 'plan', suggestion: `Look into ${name}` } as const;
  const known = { becomes: 'know', suggestion: capital(name) } as const;
  switch (row.state) {
    case 'open':
      return { words: `${open}; nobody is on it.`, ...look };
    case 'acknowledged':
      return isMine
        ? { words: `${open}; you are on it.`, ...look }
        : { words: `${open}; somebody${reader.of === 'team' ? '' : ' else'} is on it.`, ...known };
    case 'snoozed':
      return {
        words: `${open}, and snoozed${row.snoozed_until ? ` ${until(row.snoozed_until, reader)}` : ''}.`,
        ...known,
      };
    case 'resolved': {
      const why = row.outcome === 'not_useful' ? 'was called not useful' : 'is back within its limits, and was closed';
      const words = `${what} ${why} ${on(row.at, reader)}.`;
      return isMine
        ? { words, becomes: 'done', suggestion: `Looked into ${name}` }
        : { words, becomes: 'know', suggestion: `${capital(name)} is closed` };
    }
  }
}

/** "PSI of tenure_days", "PSI of tenure_days and 2 more" */
function drifted(items: readonly Item[]): string {
  const live = items.filter((item) => item.clearedAt === undefined);
  const findings = heaviestOfEach(live.length > 0 ? live : items).flatMap((item) =>
    item.findings.filter((finding) => finding.drifted),
  );
  const [worst, ...others] = worstFirst(findings);
  if (!worst) return clip(items[0]?.metric ?? 'a measure moved', longestName);
  const named = worst.column ? `${worst.label} of ${worst.column}` : worst.label;
  return `${clip(named, longestName)}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}

const longestName = 80;
