import { describe, expect, it } from 'vitest';
import { fitted, plain, shortened, widthOf, withoutEmoji } from '../../src/charts/lettering.ts';
import { roomiest } from '../../src/charts/placing.ts';
import { rangeAround } from '../../src/charts/value-axis.ts';
import { figure, percent } from '../../src/charts/wording.ts';

it.each([
  [0.04123, undefined, '0.0412'],
  [98.66, '%', '98.7%'],
  [12345.6, 'ms', '12,346 ms'],
  [-0.5, undefined, '-0.5'],
  [-0, undefined, '0'],
  [1_234_567, undefined, '1.23M'],
  [1e15, undefined, '1e15'],
  [-2.345e-9, undefined, '-2.35e-9'],
  [Number.NEGATIVE_INFINITY, undefined, '−∞'],
])('%d in %s is written %s', (value, unit, text) => {
  expect(figure(value, unit)).toBe(text);
});

it('writes as many digits as tell neighbours apart', () => {
  expect([1000.1, 1000.2].map((value) => figure(value, '', 0.1))).toEqual(['1,000.1', '1,000.2']);
  expect([1_000_100, 1_000_200].map((value) => figure(value, '', 100))).toEqual(['1.0001M', '1.0002M']);
});

it.each([
  [0, '0%'],
  [0.000_01, '<0.01%'],
  [0.0031, '0.31%'],
  [0.003, '0.3%'],
  [0.042, '4.2%'],
  [0.1, '10%'],
  [0.306, '31%'],
  [1, '100%'],
])('a share of %d is %s', (share, text) => {
  expect(percent(share)).toBe(text);
});

describe('text for a picture', () => {
  it('is one line without marks that turn the writing round', () => {
    expect(plain(' a\n\tb\u0000\u202ec ')).toBe('a b c');
  });

  it('keeps the joiners within words', () => {
    expect(plain('می\u200cخواهم')).toBe('می\u200cخواهم');
  });

  it('loses emoji, not digits and signs', () => {
    expect(withoutEmoji('5 ✅ # 1️⃣ © 🇩🇪 🇩 👩‍🔬 x\ufe0f')).toBe('5 # © x');
  });

  it('is cut to its room, never within a letter', () => {
    const cut = fitted('e\u0301'.repeat(100), 20, 200);
    expect(cut).toMatch(/^(?:e\u0301){10,}…$/);
    expect(widthOf(cut, 20)).toBeLessThanOrEqual(200);
    expect(fitted('short', 20, 200)).toBe('short');
    expect(shortened('👩‍🔬👩‍🔬', 8)).toBe('👩‍🔬…');
  });

  it('has the dots of Hebrew at its end, which is on the left', () => {
    expect(fitted('שיעור '.repeat(30), 20, 200)).toMatch(/…\u200f$/);
  });
});

it.each([
  { values: [], range: { min: 0, max: 1, interval: 0.5 } },
  { values: [0, 0], range: { min: 0, max: 1, interval: 0.5 } },
  { values: [0.04, 0.31], range: { min: 0, max: 0.4, interval: 0.1 } },
  { values: [91, 95], range: { min: 91, max: 95, interval: 1 } },
  { values: [-7, -7], range: { min: -8, max: 0, interval: 2 } },
  { values: [-3, 8], range: { min: -5, max: 10, interval: 5 } },
  { values: [-95, -91], range: { min: -95, max: -91, interval: 1 } },
])('the axis for $values', ({ values, range }) => {
  const { min, max, interval } = rangeAround(values);
  expect(interval).toBeCloseTo(range.interval, 9);
  expect([min, max]).toEqual([expect.closeTo(range.min, 9), expect.closeTo(range.max, 9)]);
});

describe('a place for a name', () => {
  const box = (x: number) => ({ x, y: 0, width: 10, height: 10 });

  it('is the first free one', () => expect(roomiest([box(0), box(5), box(20)], [box(2)], [])).toEqual(box(20)));
  it('covers least of the line', () => expect(roomiest([box(0), box(20)], [], [{ x: 5, y: 5 }])).toEqual(box(20)));
  it('is nowhere when all are taken', () => expect(roomiest([box(0)], [box(1)], [])).toBeUndefined());
});
