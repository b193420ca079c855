type Serializers = Record<number, (value: unknown) => unknown>;

/** As PGlite reads it: a number while that is exact. */
export const bigint = {
  to: 20,
  from: [20],
  parse: (text: string): number | bigint => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text)),
  serialize: (value: number | bigint | string): string => value.toString(),
};

const json = 114;
const jsonb = 3802;
const instants = [1082, 1114, 1184];
const instantArrays = [1182, 1115, 1185];

/** Drizzle takes these serializers from postgres.js, and raw parameters that PGlite accepts would be refused. */
export function alignShapes(serializers: Serializers): void {
  for (const type of [json, jsonb])
    serializers[type] = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
  for (const type of instants) serializers[type] = instant;
  for (const type of instantArrays)
    serializers[type] = (value) => (Array.isArray(value) ? `{${value.map(element).join()}}` : value);
}

function instant(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

function element(value: unknown): string {
  return value === null || value === undefined ? 'NULL' : `"${String(instant(value))}"`;
}
