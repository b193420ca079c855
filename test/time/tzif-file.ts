/** A compiled zone in the short form of RFC 9636: no transitions in the old block, the rule for ever in the last line. */
export function tzifFile(
  types: readonly number[],
  transitions: readonly (readonly [at: string, type: number])[],
  footer: string,
): Buffer {
  const header = (times: number, kinds: number) => {
    const bytes = Buffer.alloc(44);
    bytes.write('TZif2');
    [0, 0, 0, times, kinds, 4].forEach((count, i) => bytes.writeUInt32BE(count, 20 + i * 4));
    return bytes;
  };
  const typeRows = (offsets: readonly number[]) =>
    offsets.map((offset) => {
      const row = Buffer.alloc(6);
      row.writeInt32BE(offset);
      return row;
    });
  const letters = Buffer.from('ABC\0');
  const times = transitions.map(([at]) => {
    const time = Buffer.alloc(8);
    time.writeBigInt64BE(BigInt(Date.parse(at) / 1000));
    return time;
  });
  return Buffer.concat([
    header(0, 1),
    ...typeRows([0]),
    letters,
    header(transitions.length, types.length),
    ...times,
    Buffer.from(transitions.map(([, type]) => type)),
    ...typeRows(types),
    letters,
    Buffer.from(`\n${footer}\n`),
  ]);
}
