import { describe, expect, it } from 'vitest';
import { sealing } from '../../../src/lib/sealing.ts';

const key = (byte: number) => Buffer.alloc(32, byte);
const place = ['T1', 'source-1'];

describe('what is sealed', () => {
  const one = sealing([key(1)]);

  it('opens again, and never looks the same twice', () => {
    const [a, b] = [one.seal('s3cret', place), one.seal('s3cret', place)];
    expect(a).not.toBe(b);
    expect(a).not.toContain('s3cret');
    expect([one.open(a, place), one.open(b, place)]).toEqual(['s3cret', 's3cret']);
  });

  it.each([
    { other: ['T2', 'source-1'] },
    { other: ['T1', 'source-2'] },
    { other: ['T1source-1'] },
    { other: ['T1', 'source', '-1'] },
  ])('does not open for $other', ({ other }) => {
    expect(() => one.open(one.seal('s3cret', place), other)).toThrow('unable to authenticate');
  });

  it('does not open when any byte of it was changed', () => {
    const sealed = Buffer.from(one.seal('s3cret', place), 'base64url');
    const opened = [...sealed.keys()].filter((at) => {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(sealed.readUInt8(at) ^ 1, at);
      try {
        one.open(changed.toString('base64url'), place);
        return true;
      } catch {
        return false;
      }
    });
    expect(opened).toEqual([]);
    expect(() => one.open('', place)).toThrow('a key that is not here');
  });

  it('opens after the key was changed, as long as the old one is given too', () => {
    const sealed = one.seal('s3cret', place);
    expect(sealing([key(2), key(1)]).open(sealed, place)).toBe('s3cret');
    expect(() => sealing([key(2)]).open(sealed, place)).toThrow('a key that is not here');
    expect(sealing([key(2)]).open(sealing([key(2), key(1)]).seal('new', place), place)).toBe('new');
  });

  it('takes only whole keys', () => {
    expect(() => sealing([])).toThrow('32 bytes');
    expect(() => sealing([Buffer.alloc(16)])).toThrow('32 bytes');
  });
});
