import { endless } from './posix-zone.ts';
import { offsetsBetween, type OffsetAt } from './transitions.ts';

const headerLength = 44;

/** A compiled zone as RFC 9636 has it, from version 2 on; nothing for what is no such file, or counts leap seconds. */
export function offsetsInTzif(bytes: Buffer): OffsetAt | undefined {
  const old = headerAt(bytes, 0);
  if (old === undefined || old.version < '2') return undefined;
  // The first block has times of four bytes, for readers that know no others.
  const start = headerLength + old.times * 5 + old.types * 6 + old.letters + old.leaps * 8 + old.flags;
  const header = headerAt(bytes, start);
  if (header === undefined || header.leaps > 0) return undefined;
  const times = start + headerLength;
  const kinds = times + header.times * 8;
  const types = kinds + header.times;
  const offsetOf = (kind: number) => bytes.readInt32BE(types + kind * 6) * 1000;
  const indices = Array.from({ length: header.times }, (_, i) => i);
  const transitions = indices.map((i) => Number(bytes.readBigInt64BE(times + i * 8)) * 1000);
  const offsets = [offsetOf(0), ...indices.map((i) => offsetOf(bytes.readUInt8(kinds + i)))];
  const footer = bytes.toString('latin1', types + header.types * 6 + header.letters + header.flags).trim();
  for (const [at, offset] of endless(footer, transitions.at(-1))) {
    transitions.push(at);
    offsets.push(offset);
  }
  return offsetsBetween(transitions, offsets);
}

function headerAt(bytes: Buffer, start: number) {
  if (bytes.length < start + headerLength || bytes.toString('latin1', start, start + 4) !== 'TZif') return undefined;
  const count = (field: number) => bytes.readUInt32BE(start + 20 + field * 4);
  return {
    version: bytes.toString('latin1', start + 4, start + 5),
    flags: count(0) + count(1),
    leaps: count(2),
    times: count(3),
    types: count(4),
    letters: count(5),
  };
}
