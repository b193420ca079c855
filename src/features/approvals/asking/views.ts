import type { AliasMove } from '../../releases/schema.ts';

/** When the version was live before, and why it went. The newest move comes first. */
export function lastTimeWords(moves: readonly AliasMove[], version: string): string | null {
  const came = moves.findIndex(({ toVersion }) => toVersion === version);
  const start = moves[came];
  if (!start) return null;
  const end = moves[came - 1];
  const from = start.at.toISOString().slice(0, 10);
  return end
    ? `live from ${from} to ${end.at.toISOString().slice(0, 10)}, then replaced by version ${end.toVersion}: ${end.why}`
    : `live since ${from}`;
}
