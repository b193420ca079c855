import type { Incident } from '../../incidents/schema.ts';
import { on, quoted, type Reader, type Said, since } from '../words.ts';

export interface IncidentRow {
  readonly number: number;
  readonly kind: 'incident' | 'drill';
  readonly title: string;
  readonly state: Incident['state'];
  readonly model: string;
  readonly declared_at: Date;
  readonly at: Date;
  /** Whether the reader leads it, and whether anybody does. */
  readonly leads: boolean;
  readonly is_led: boolean;
  readonly rollbacks: readonly { readonly number: number; readonly to: string }[];
}

export function incidentSaid(row: IncidentRow, reader: Reader): Said {
  const name = `${row.kind} ${row.number} of ${row.model}`;
  const what = `${row.kind === 'drill' ? 'Drill' : 'Incident'} ${row.number} of ${row.model} (${quoted(row.title)})`;
  const parts = row.rollbacks.map(({ number, to }) => ` Rollback ${number} to version ${to} is part of it.`).join('');
  const lead = row.leads ? '; you lead it' : row.is_led ? '' : '; nobody leads it';
  const open = { becomes: 'plan', suggestion: `Work on ${name}` } as const;
  const gone = { becomes: 'know', suggestion: `Worked on ${name}` } as const;
  switch (row.state) {
    case 'triage':
      return { words: `${what} is suspected ${since(row.declared_at, reader)}${lead}.${parts}`, ...open };
    case 'active':
      return { words: `${what} is open ${since(row.declared_at, reader)}${lead}.${parts}`, ...open };
    case 'mitigated':
      return {
        words: `${what} is open ${since(row.declared_at, reader)}, and its impact has stopped${lead}.${parts}`,
        ...open,
      };
    case 'resolved':
    case 'reviewing':
    case 'closed':
      return { words: `${what} was resolved ${on(row.at, reader)}.${parts}`, ...gone, becomes: 'done' };
    case 'cancelled':
      return { words: `${what} was called off ${on(row.at, reader)}.`, ...gone };
    case 'merged':
      return { words: `${what} became part of another one ${on(row.at, reader)}.`, ...gone };
  }
}
