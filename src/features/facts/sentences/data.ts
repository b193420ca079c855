import type { Problem } from '../../datasets/schema.ts';
import { quoted, type Reader, type Said, since } from '../words.ts';

export interface DataRow {
  readonly person_id: string;
  readonly name: string;
  readonly state: 'warning' | 'bad';
  readonly problems: readonly Problem[];
  readonly models: readonly string[];
  readonly since: Date | null;
  readonly taken_by: string | null;
}

const mostModels = 3;

export function dataSaid(row: DataRow, reader: Reader): Said {
  const name = quoted(row.name);
  const eaten = `${name}, which ${modelsWords(row.models)},`;
  const from = row.since === null ? '' : ` ${since(row.since, reader)}`;
  const isMine = row.taken_by === row.person_id;
  const who = isMine ? 'you are on it' : row.taken_by === null ? 'nobody is on it' : 'somebody is on it';
  const wrong = quoted(row.problems.map(({ words }) => words).join('; '));
  const words = `${eaten} is in trouble${from} (${wrong}); ${who}.`;
  if (isMine) return { words, becomes: 'plan', suggestion: `Get ${name} back in order` };
  if (row.state === 'warning') return { words, becomes: 'know', suggestion: `${name}: ${wrong}` };
  const isContent = row.problems.every(({ kind }) => kind === 'nulls' || kind === 'checks');
  return {
    words,
    becomes: 'obstacle',
    suggestion: `${name}: ${wrong}`,
    need: isContent ? 'data.schema' : 'data.freshness',
  };
}

function modelsWords(models: readonly string[]): string {
  const rest = models.length - mostModels;
  const named = models.slice(0, mostModels);
  const last = named.at(-1) ?? '';
  const list = named.length > 1 && rest <= 0 ? `${named.slice(0, -1).join(', ')} and ${last}` : named.join(', ');
  return `${list}${rest > 0 ? ` and ${rest} more` : ''} ${models.length === 1 ? 'eats' : 'eat'}`;
}
