import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { blockProblems } from '../../src/local-slack/blocks/validate.ts';
import { table } from './blockkit/table.ts';

const max = z.strictObject({ maxLength: z.number() });
const some = { minItems: z.number(), maxItems: z.number() };
const likeXy = z.strictObject({ $ref: z.literal('xy') });
/** All the table says of charts; a word more and this does not read it. */
const { oneOfType, xy } = z
  .strictObject({
    oneOfType: z.strictObject({
      pie: z.strictObject({
        segments: z.strictObject({
          ...some,
          item: z.strictObject({ label: max, value: z.strictObject({ exclusiveMin: z.number() }) }),
        }),
      }),
      bar: likeXy,
      area: likeXy,
      line: likeXy,
    }),
    xy: z.strictObject({
      series: z.strictObject({
        ...some,
        item: z.strictObject({
          name: max.extend({ unique: z.literal(true) }),
          data: z.strictObject({
            ...some,
            item: z.strictObject({
              label: max.extend({ mustBeIn: z.literal('axis_config.categories') }),
              value: z.literal('number'),
            }),
          }),
        }),
        exactlyOnePointPerCategory: z.literal(true),
      }),
      axis_config: z.strictObject({
        required: z.literal(true),
        categories: z.strictObject({ itemMaxLength: z.number() }),
        x_label: max,
        y_label: max,
      }),
    }),
  })
  .parse(table.blocks['data_visualization']?.fields['chart']);

const many = <T>(count: number, of: (index: number) => T) => Array.from({ length: count }, (_, index) => of(index));
const letters = (size: number) => 'x'.repeat(size);
const drawn = (chart: unknown) =>
  blockProblems([{ type: 'data_visualization', title: 'x', chart }], 'message', () => true).length === 0;
/** At the limit and one beyond it. */
const upTo = (size: number, check: (size: number) => boolean) =>
  expect([check(size), check(size + 1)]).toEqual([true, false]);
const downTo = (size: number, check: (size: number) => boolean) =>
  expect([check(size), check(size - 1)]).toEqual([true, false]);

describe('a pie', () => {
  const { segments } = oneOfType.pie;
  const pie = (given: unknown) => drawn({ type: 'pie', segments: given });
  const segment = (value: unknown = 1, label: unknown = 'x') => ({ label, value });

  it('has some segments', () => {
    upTo(segments.maxItems, (size) => pie(many(size, () => segment())));
    downTo(segments.minItems, (size) => pie(many(size, () => segment())));
    for (const wrong of [undefined, null, 'x', {}, ['x']]) expect(pie(wrong)).toBe(false);
  });
  it('has named segments of more than nothing', () => {
    upTo(segments.item.label.maxLength, (size) => pie([segment(1, letters(size))]));
    const least = segments.item.value.exclusiveMin;
    expect([least + 0.001, least, least - 1, '1', null].map((value) => pie([segment(value)]))).toEqual([
      true,
      ...many(4, () => false),
    ]);
    for (const wrong of [{ value: 1 }, { label: 'x' }, segment(1, 5)]) expect(pie([wrong])).toBe(false);
  });
});

describe.each(Object.keys(oneOfType).filter((type) => type !== 'pie'))('a %s chart', (type) => {
  const of = (series: unknown, axis_config: unknown = { categories: ['a'] }) => drawn({ type, series, axis_config });
  const line = (name: unknown, labels: readonly string[] = ['a']) => ({
    name,
    data: labels.map((label) => ({ label, value: 1 })),
  });

  it('has some series, each with a name of its own', () => {
    const lines = (size: number) => of(many(size, (index) => line(`s${index}`)));
    upTo(xy.series.maxItems, lines);
    downTo(xy.series.minItems, lines);
    upTo(xy.series.item.name.maxLength, (size) => of([line(letters(size))]));
    expect([of([line('same'), line('same')]), of([line(undefined)]), of([line(5)]), of('x')]).toEqual(
      many(4, () => false),
    );
  });
  it('has one point of every series for every category', () => {
    const { data } = xy.series.item;
    const points = (size: number) => {
      const categories = many(size, (index) => `c${index}`);
      return of([line('s', categories)], { categories });
    };
    upTo(data.maxItems, points);
    downTo(data.minItems, points);
    expect([of([line('s', ['a', 'b'])]), of([line('s', ['b'])]), of([line('s', ['a', 'a'])])]).toEqual(
      many(3, () => false),
    );
    const point = (more: object) => of([{ name: 's', data: [{ label: 'a', value: 1, ...more }] }]);
    expect([0, -1.5, '1', null, undefined].map((value) => point({ value }))).toEqual([true, true, false, false, false]);
  });
  it('has short names on its axes', () => {
    const axes = xy.axis_config;
    for (const name of ['x_label', 'y_label'] as const) {
      upTo(axes[name].maxLength, (size) => of([line('s')], { categories: ['a'], [name]: letters(size) }));
    }
    const longest = axes.categories.itemMaxLength;
    // A label is one of the categories, so neither can be tried without the other.
    expect(xy.series.item.data.item.label.maxLength).toBe(longest);
    upTo(longest, (size) => of([line('s', [letters(size)])], { categories: [letters(size)] }));
    expect([drawn({ type, series: [line('s')] }), of([line('s')], 'x'), of([line('s')], { sparkle: 1 })]).toEqual(
      many(3, () => false),
    );
  });
});

it('there is no other kind of chart, and none without a kind', () => {
  const like = { series: [], axis_config: {} };
  expect([drawn({ ...like, type: 'radar' }), drawn(like), drawn('line'), drawn(null)]).toEqual(many(4, () => false));
});
