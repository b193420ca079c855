import { describe, expect, it } from 'vitest';
import { categoryBins, numberBins } from '../../src/charts/bins.ts';
import { type HistogramChart, histogramChart } from '../../src/charts/histogram-chart.ts';
import { drawn, writtenIn } from './drawn.ts';

const income: HistogramChart = {
  title: 'churn-model: income',
  bins: { edges: [0, 10, 20, 30, 40], ref: [10, 40, 40, 10], cur: [20, 40, 100, 40] },
  method: 'PSI',
  score: 0.31,
  limit: { value: 0.2 },
  unit: 'k€',
};
const country: HistogramChart = {
  title: 'churn-model: country',
  bins: { categories: ['DE', 'FR', ''], ref: [50, 50, 0], cur: [20, 60, 20] },
  method: 'PSI',
  score: 0.1,
  limit: { value: 0.2 },
};

describe('a numeric feature', () => {
  it('is told with the three bins that moved most', () => {
    expect(histogramChart(income).alt).toBe(
      'churn-model: income: PSI 0.31, limit 0.2 crossed; moved most: 10 to 20 k€ from 40% to 20%, ' +
        '20 to 30 k€ from 40% to 50%, 30 to 40 k€ from 10% to 20%',
    );
  });

  it('has score and limit below the title, both sides in the legend, and the edges on the axis', () => {
    const written = writtenIn(histogramChart({ ...income, names: { ref: 'October', cur: '23 Nov' } }).svg);
    expect(written).toEqual(
      expect.arrayContaining(['churn-model: income', 'PSI 0.31, limit 0.2', 'October', '23 Nov']),
    );
    expect(written).toEqual(expect.arrayContaining(['0 k€', '10 k€', '20 k€', '30 k€', '40 k€']));
    expect(written).toEqual(expect.arrayContaining(['−20', '+10', '± in percentage points']));
  });

  it('shows the reference with an outline and the current one without', () => {
    const { svg } = histogramChart(income);
    const outlined = [...svg.matchAll(/<path [^>]*fill="#dfe6ee"[^>]*stroke="#7a8699"/g)];
    const solid = [...svg.matchAll(/<path [^>]*fill="#2563a6"(?![^>]*stroke="#7a8699")/g)];
    // Four bars each, and one box in the legend.
    expect([outlined.length, solid.length]).toEqual([5, 5]);
  });

  it('writes in red only a score beyond its limit, on the side that is bad', () => {
    const red = (chart: Partial<HistogramChart>) => histogramChart({ ...income, ...chart }).svg.includes('#c9281c');
    expect(red({})).toBe(true);
    expect(red({ score: 0.2 })).toBe(false);
    expect(red({ score: 0.01, limit: { value: 0.05, side: 'below' } })).toBe(true);
    expect(red({ score: null })).toBe(false);
  });

  it('that did not move says so', () => {
    const bins = { edges: [0, 1, 2], ref: [1, 3], cur: [10, 30] };
    expect(histogramChart({ title: 'A', bins, method: 'PSI', score: 0 }).alt).toBe(
      'A: PSI 0; same shares as the reference',
    );
  });
});

describe('many bins', () => {
  const even = (count: number) => Array.from({ length: count + 1 }, (_, i) => i);
  const ones = (count: number) => Array.from({ length: count }, () => 1);
  const edgesOf = (edges: number[], counts: number[]) =>
    numberBins({ edges, ref: counts, cur: counts }, '').bins.map(({ from, to }) => [from, to]);

  it.each([
    [24, 24],
    [25, 13],
    [50, 10],
    [200, 20],
    [1000, 20],
  ])('%d even ones are drawn as %d', (count, shown) => {
    const { bins, of } = numberBins({ edges: even(count), ref: ones(count), cur: ones(count) }, '');
    expect([bins.length, of]).toEqual([shown, count]);
    expect(bins.reduce((sum, { ref }) => sum + ref, 0)).toBeCloseTo(1, 9);
  });

  it('that are uneven are joined where they hold least', () => {
    const edges = even(30).map((i) => i ** 2);
    const counts = ones(30).map((_, i) => (i < 12 ? 0.001 : 1));
    const found = edgesOf(edges, [1, ...counts.slice(1)]);
    expect(found).toHaveLength(24);
    expect(found.slice(-18)).toEqual(edges.slice(12, 30).map((edge, i) => [edge, edges[13 + i]]));
  });

  it('lose the empty ones at both ends, and none between', () => {
    expect(edgesOf(even(7), [0, 0, 1, 0, 1, 0, 0])).toEqual([
      [2, 3],
      [3, 4],
      [4, 5],
    ]);
  });

  it('name the edges so that none of the names meet', () => {
    const bins = { edges: even(200).map((i) => 1000 + i / 200), ref: ones(200), cur: ones(200) };
    const written = writtenIn(histogramChart({ title: 'A', bins, method: 'PSI', score: 0 }).svg);
    const names = written.filter((text) => text.startsWith('1,00'));
    expect(names.length).toBeGreaterThanOrEqual(4);
    expect(names.length).toBeLessThanOrEqual(8);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are counted in the alt text', () => {
    const bins = { edges: even(200), ref: ones(200), cur: ones(200).map((_, i) => i) };
    expect(histogramChart({ title: 'A', bins, method: 'PSI', score: 1 }).alt).toBe(
      'A: PSI 1; moved most: 0 to 10 from 5% to 0.23%, 190 to 200 from 5% to 9.8%, 10 to 20 from 5% to 0.73%; ' +
        '200 bins drawn as 20',
    );
  });

  it('may be open at the ends', () => {
    const bins = { edges: [-Infinity, 0, Infinity], ref: [1, 3], cur: [3, 1] };
    expect(histogramChart({ title: 'A', bins, method: 'PSI', score: 1 }).alt).toBe(
      'A: PSI 1; moved most: below 0 from 25% to 75%, from 0 from 75% to 25%',
    );
  });
});

describe('a categorical feature', () => {
  it('is told with the categories that moved most, a nameless one too', () => {
    expect(histogramChart(country).alt).toBe(
      'churn-model: country: PSI 0.1, limit 0.2 kept; moved most: DE from 50% to 20%, (empty) from 0% to 20%, FR from 50% to 60%',
    );
  });

  it('has both shares written at its bars', () => {
    expect(writtenIn(histogramChart(country).svg)).toEqual(
      expect.arrayContaining(['DE', '50% → 20%', '(empty)', '0% → 20%', 'FR', '50% → 60%']),
    );
  });

  it('never says that the others moved most', () => {
    const categories = Array.from({ length: 100 }, (_, i) => `c${i}`);
    const bins = { categories, ref: categories.map(() => 1), cur: categories.map((_, i) => (i === 0 ? 900 : 1)) };
    const { svg, alt } = histogramChart({ ...country, bins });
    expect(alt).toContain('moved most: c0 from 1% to 90%, c1 from 1% to 0.1%, c2 from 1% to 0.1%');
    expect(writtenIn(svg)).toEqual(expect.arrayContaining(['other (88)', '88% → 8.8%']));
  });

  it('keeps the twelve whose share changed most and adds up the others', () => {
    const categories = Array.from({ length: 20 }, (_, i) => `c${i}`);
    const ref = categories.map(() => 10);
    const cur = categories.map((_, i) => (i % 2 === 0 ? 10 : i));
    const bins = categoryBins({ categories, ref, cur }, (name) => name);
    expect(bins).toHaveLength(13);
    expect(bins.at(-1)?.name).toBe('other (8)');
    expect(bins[0]?.name).toBe('c1');
    for (const side of ['ref', 'cur'] as const) {
      expect(bins.reduce((sum, bin) => sum + bin[side], 0)).toBeCloseTo(1, 9);
    }
  });
});

describe('odd input is drawn', () => {
  const numbers = (edges: number[], ref: number[], cur: number[]) => ({ bins: { edges, ref, cur } });
  it.each<{ what: string; chart: Partial<HistogramChart>; alt: string }>([
    { what: 'no bins', chart: numbers([], [], []), alt: 'A: PSI 1; no values' },
    { what: 'no categories', chart: { bins: { categories: [], ref: [], cur: [] } }, alt: 'A: PSI 1; no values' },
    { what: 'no current values', chart: numbers([0, 1, 2], [1, 3], [0, 0]), alt: 'A: PSI 1; no current values' },
    { what: 'no reference', chart: numbers([0, 1, 2], [0, 0], [1, 1]), alt: 'A: PSI 1; no values in the reference' },
    {
      what: 'counts that are none',
      chart: { ...numbers([0, 1, 2], [Number.NaN, 1], [-5, 1]), score: Number.NaN, limit: { value: Number.NaN } },
      alt: 'A: PSI not known; same shares as the reference',
    },
    {
      what: 'huge numbers',
      chart: { ...numbers([-1e15, 1e15, 1e16], [1e15, 1e15], [1e15, 3e15]), score: 1e15 },
      alt: 'A: PSI 1e15; moved most: -1e15 to 1e15 from 50% to 25%, 1e15 to 1e16 from 50% to 75%',
    },
    {
      what: 'one value',
      chart: numbers([5, 5], [3], [4]),
      alt: 'A: PSI 1; same shares as the reference',
    },
    {
      what: 'foreign words',
      chart: {
        bins: { categories: ['<!channel>', '🔥', 'غير معروف', '<script>'], ref: [1, 1, 1, 1], cur: [5, 3, 1, 1] },
      },
      alt: 'A: PSI 1; moved most: <!channel> from 25% to 50%, غير معروف from 25% to 10%, <script> from 25% to 10%',
    },
  ])('$what', ({ chart, alt }) => {
    const picture = histogramChart({ title: 'A', bins: income.bins, method: 'PSI', score: 1, ...chart });
    expect(picture.alt).toBe(alt);
    expect(picture.svg).not.toMatch(/NaN|Infinity|undefined|<script|<!channel/);
    const { width, bytes } = drawn(picture.svg);
    expect(width).toBe(800);
    expect(bytes).toBeGreaterThan(5000);
    expect(bytes).toBeLessThan(300_000);
  });

  it('names of any length are cut, in the picture and in the alt text', () => {
    const long = 'a_category_with_a_long_name_'.repeat(40);
    const bins = { categories: [1, 2, 3, 4].map((n) => n + long), ref: [4, 3, 2, 1], cur: [1, 2, 3, 9] };
    const { svg, alt } = histogramChart({ title: long, bins, method: long, score: 1, names: { ref: long, cur: long } });
    expect(alt.length).toBeLessThanOrEqual(300);
    expect(alt).toContain('moved most: 4a_category');
    expect(Math.max(...writtenIn(svg).map((text) => text.length))).toBeLessThan(90);
    const { height, bytes } = drawn(svg);
    expect(height).toBeLessThan(400);
    expect(bytes).toBeLessThan(300_000);
  });
});
