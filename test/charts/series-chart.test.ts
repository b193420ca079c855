import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { breaches, type Point } from '../../src/charts/breaches.ts';
import { widthOf } from '../../src/charts/lettering.ts';
import { toPng } from '../../src/charts/png.ts';
import { type SeriesChart, seriesChart } from '../../src/charts/series-chart.ts';
import { beyondSince } from '../../src/charts/series-words.ts';
import { ticks } from '../../src/charts/wording.ts';
import { drawn, writtenIn } from './drawn.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 9, 24);
const daily = (...values: (number | null)[]): Point[] =>
  values.map((value, index) => ({ at: new Date(start + index * day), value }));
const limit = { value: 0.2, label: 'limit' };

describe('the alt text', () => {
  it.each([
    {
      points: daily(0.04, 0.1, 0.15, 0.31, 0.25),
      alt: 'PSI from 0.04 on 24 Oct to 0.25 on 28 Oct; limit 0.2 crossed on 27 Oct',
    },
    {
      points: daily(0.04, 0.31, 0.1),
      alt: 'PSI from 0.04 on 24 Oct to 0.1 on 26 Oct; limit 0.2 kept again, last crossed on 25 Oct',
    },
    {
      points: daily(0.04, null, 0.2),
      alt: 'PSI from 0.04 on 24 Oct to 0.2 on 26 Oct; limit 0.2 kept; 1 of 3 readings missing',
    },
    { points: daily(0.3), alt: 'PSI: 0.3 on 24 Oct 00:00 UTC; limit 0.2 crossed on 24 Oct 00:00 UTC' },
    { points: daily(null, Number.NaN), alt: 'PSI: no readings' },
    { points: [], alt: 'PSI: no readings' },
    {
      points: daily(0.3, 0.2, 0.1).toReversed(),
      alt: 'PSI from 0.3 on 24 Oct to 0.1 on 26 Oct; limit 0.2 kept again, last crossed on 24 Oct',
    },
  ])('says: $alt', ({ points, alt }) => {
    expect(seriesChart({ title: 'PSI', points, limit }).alt).toBe(alt);
  });

  it('takes the start of the breach from the alert, and the side from the limit', () => {
    const { alt } = seriesChart({
      title: 'Accuracy',
      points: daily(95, 90, 89.5),
      limit: { value: 91, label: 'floor', side: 'below' },
      unit: '%',
      since: new Date(start + day),
    });
    expect(alt).toBe('Accuracy from 95% on 24 Oct to 89.5% on 26 Oct; floor 91% crossed on 25 Oct');
  });

  it('says the hour in a short series, and the year when it changes', () => {
    const at = (text: string) => ({ at: new Date(text), value: 1 });
    const hours = [at('2026-11-23T22:30:00Z'), at('2026-11-24T01:00:00Z')];
    expect(seriesChart({ title: 'A', points: hours, zone: 'Europe/Berlin' }).alt).toBe(
      'A from 1 on 23 Nov 23:30 to 1 on 24 Nov 02:00',
    );
    const years = [at('2026-12-30T00:00:00Z'), at('2027-01-03T00:00:00Z')];
    expect(seriesChart({ title: 'A', points: years }).alt).toBe('A from 1 on 30 Dec 2026 to 1 on 3 Jan 2027');
  });
});

it('puts the ticks at midnights of the zone, also over a change of the clocks', () => {
  const found = ticks(Date.parse('2026-10-20T10:00:00Z'), Date.parse('2026-10-27T10:00:00Z'), 'Europe/Berlin');
  expect(found.at(-1)).toEqual({ time: Date.parse('2026-10-26T23:00:00Z'), label: '27 Oct' });
  expect(found[0]).toEqual({ time: Date.parse('2026-10-20T22:00:00Z'), label: '21 Oct' });
  expect(found.length).toBeLessThanOrEqual(7);
});

describe('breaches', () => {
  it('start and end where the line crosses the limit', () => {
    expect(breaches(daily(0.1, 0.3, 0.1), limit)).toEqual([
      [
        [start + day / 2, 0.2],
        [start + day, 0.3],
        [start + 1.5 * day, 0.2],
      ].map(([time, value]) => [expect.closeTo(time ?? 0, 0), expect.closeTo(value ?? 0, 9)]),
    ]);
  });

  it('end at a gap, and begin at once after it', () => {
    expect(breaches(daily(0.3, null, 0.4), limit)).toEqual([[[start, 0.3]], [[start + 2 * day, 0.4]]]);
  });

  it('that are over have no beginning', () => {
    expect(beyondSince(daily(0.3, 0.4, 0.1), limit)).toBeUndefined();
    expect(beyondSince(daily(0.1, 0.4, null, 0.4, null), limit)?.getTime()).toBe(start + day);
  });
});

describe('the picture', () => {
  const { svg } = seriesChart({
    title: '<script> & "PSI"\u0000 of\n {a|b}',
    points: daily(0.1, 0.3, null, 0.4),
    limit,
  });

  it('keeps foreign text as text', () => {
    expect(svg).not.toContain('<script>');
    expect(svg).toMatch(/&lt;script&gt; &amp; (?:"|&quot;)PSI(?:"|&quot;) of \{a\|b\}/);
  });

  it('is a PNG of 800 by 360 with letters on it, without fonts of the system', () => {
    const png = Buffer.from(toPng(svg));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([800, 360]);
    const pictureOf = (href: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="360"><image width="800" height="360" href="${href}"/></svg>`;
    const { pixels } = new Resvg(pictureOf(`data:image/png;base64,${png.toString('base64')}`)).render();
    expect(inkOf(pixels)).toBeGreaterThan(500);
    expect(inkOf(new Resvg(svg, { font: { loadSystemFonts: false } }).render().pixels)).toBe(0);
  });
});

describe('the line', () => {
  const paths = (svg: string, look: string) =>
    [...svg.matchAll(/<path [^>]*>/g)].map(([path]) => path).filter((path) => path.includes(look));

  it('has a dot where a reading stands between two gaps', () => {
    const { svg } = seriesChart({
      title: 'A',
      points: daily(1, null, 3, null, 0.1, 0.2),
      limit: { value: 2, label: '' },
    });
    const dots = paths(svg, 'transform="matrix(5.5,').map((path) => /fill="([^"]+)"/.exec(path)?.[1]);
    expect(dots).toEqual(['#2563a6', '#c9281c']);
  });

  it('is red beyond the limit, in as many pieces as there were breaches', () => {
    const { svg } = seriesChart({ title: 'A', points: daily(1, 3, 1, 3, 3, 1, 3), limit: { value: 2, label: '' } });
    const [red = ''] = paths(svg, 'stroke="#c9281c"');
    expect(red.match(/M/g)).toHaveLength(3);
  });
});

describe('what stands around the line', () => {
  const points = daily(0.04, 0.05, 0.06, 0.05, 0.04, 0.15, 0.31);
  const all: SeriesChart = {
    title: 'PSI',
    points,
    limit,
    clearAt: 0.15,
    goal: { value: 0.1, label: 'payments, Q4' },
    baseline: { mean: 0.05, sigma: 0.01 },
    releases: [
      { at: new Date(start + 5 * day), version: '12' },
      { at: new Date(start + day), version: 'v11-rc' },
    ],
    raised: new Date(start + 6 * day),
    acknowledged: new Date(start + 6 * day),
  };

  it('is named in the picture', () => {
    expect(writtenIn(seriesChart(all).svg)).toEqual(
      expect.arrayContaining([
        'limit 0.2',
        'clears at 0.15',
        'goal 0.1 (payments, Q4)',
        'baseline 0.05 ± 0.03',
        'raised',
        'acknowledged',
        'v11-rc',
        'v12',
        'Limit 0.2 crossed on 30 Oct',
      ]),
    );
  });

  it('is not there unless asked for', () => {
    const written = writtenIn(seriesChart({ title: 'PSI', points, limit }).svg);
    expect(written.filter((text) => /goal|baseline|clears|raised|acknowledged|v1/.test(text))).toEqual([]);
  });

  it('gets a second row below the title when one is too short', () => {
    const [short, long] = ['', 'payments team, last quarter'].map((label) =>
      drawn(seriesChart({ ...all, goal: { value: 0.1, label } }).svg),
    );
    expect([short?.height, long?.height]).toEqual([417, 446]);
  });

  it('says nothing of a clear level at the limit', () => {
    const { svg, alt } = seriesChart({ ...all, clearAt: limit.value });
    expect([...writtenIn(svg), alt].filter((text) => text.includes('clears'))).toEqual([]);
  });

  it('is said in the alt text', () => {
    expect(seriesChart(all).alt).toBe(
      'PSI from 0.04 on 24 Oct to 0.31 on 30 Oct; limit 0.2 crossed on 30 Oct; raised on 30 Oct; acknowledged on 30 Oct; ' +
        'goal 0.1 (payments, Q4) not met; baseline 0.05 ± 0.03; clears at 0.15; released v11-rc on 25 Oct, v12 on 29 Oct',
    );
  });

  it('is left out of the alt text from the end when there is too much of it', () => {
    const { alt } = seriesChart({ ...all, title: 'a very long name of a model '.repeat(2000) });
    expect(alt.length).toBeLessThanOrEqual(300);
    expect(alt).toMatch(
      /^a very long name .{83}…? from 0\.04 on 24 Oct to 0\.31 on 30 Oct; limit 0\.2 crossed on 30 Oct; raised/,
    );
    expect(alt).not.toContain('released');
  });

  it('counts the releases of which it names the last three', () => {
    const releases = [1, 2, 3, 4, 5].map((n) => ({ at: new Date(start + n * day), version: `${n}` }));
    expect(seriesChart({ title: 'PSI', points, releases }).alt).toBe(
      'PSI from 0.04 on 24 Oct to 0.31 on 30 Oct; 5 releases, the last v3 on 27 Oct, v4 on 28 Oct, v5 on 29 Oct',
    );
  });

  it.each([
    { value: 0.4, side: 'above' as const, headline: 'Goal 0.4 met' },
    { value: 0.4, side: 'below' as const, headline: 'Goal 0.4 not met' },
    { value: 0.3, side: undefined, headline: 'Goal 0.3 not met' },
  ])('a goal alone stands below the title: $headline', ({ value, side, headline }) => {
    const goal = { value, ...(side && { side }) };
    expect(writtenIn(seriesChart({ title: 'PSI', points, goal }).svg)).toContain(headline);
  });

  it('a goal beside a limit is missed on the bad side of the limit', () => {
    const { alt } = seriesChart({
      title: 'Accuracy',
      points: daily(94, 93),
      limit: { value: 90, label: 'limit', side: 'below' },
      goal: { value: 95 },
    });
    expect(alt).toContain('goal 95 not met');
  });

  it.each<Partial<SeriesChart>>([
    { limit: { value: 40, label: 'limit' } },
    { clearAt: 40 },
    { goal: { value: 40 } },
    { baseline: { mean: 40 } },
    { baseline: { mean: 10, sigma: 10 } },
  ])('is inside the picture, however far from the readings: %o', (chart) => {
    expect(writtenIn(seriesChart({ title: 'PSI', points: daily(0.1, 0.1), ...chart }).svg)).toContain('40');
  });

  it('takes a band below nothing only where readings go there', () => {
    const lowest = (value: number) =>
      writtenIn(seriesChart({ title: 'PSI', points: daily(1, value), baseline: { mean: 1, sigma: 3 } }).svg);
    expect(lowest(0.5).filter((text) => text.startsWith('-'))).toEqual([]);
    expect(lowest(-0.5)).toContain('-10');
  });

  it('tells a mark outside of the days in the alt text only', () => {
    const { svg, alt } = seriesChart({ title: 'PSI', points, raised: new Date(start - day) });
    expect(writtenIn(svg)).not.toContain('raised');
    expect(alt).toContain('raised on 23 Oct');
  });
});

describe('the names of releases', () => {
  const points = daily(...Array.from({ length: 30 }, () => 1));
  const named = (count: number, name: (n: number) => string) => {
    const releases = Array.from({ length: count }, (_, n) => ({
      at: new Date(start + (n * 29 * day) / (count - 1)),
      version: name(n),
    }));
    const { svg } = seriesChart({ title: 'A', points, releases });
    return [...svg.matchAll(/<text[^>]*translate\(([\d.]+) [^>]*>(r[^<]*)<\/text>/g)].map(([, x, text = '']) => ({
      from: Number(x),
      to: Number(x) + widthOf(text, 20),
      text,
    }));
  };

  it('are at most six, the newest among them', () => {
    const texts = named(40, (n) => `r${n}`).map(({ text }) => text);
    expect(texts).toHaveLength(6);
    expect(texts).toContain('r39');
  });

  it('never touch each other or the edge', () => {
    const texts = named(12, (n) => `release-of-day-${n}`).toSorted((a, b) => a.from - b.from);
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.at(-1)?.to, 'the newest, moved in from the edge').toBeCloseTo(774, 0);
    texts.forEach(({ from, to }, i) => {
      expect(from).toBeGreaterThan(texts[i - 1]?.to ?? 20);
      expect(to).toBeLessThan(780);
    });
  });
});

describe('odd input is drawn', () => {
  const at = (value: number) => daily(value, value, value);
  it.each<{ what: string; chart: Partial<SeriesChart>; alt: string }>([
    { what: 'no points', chart: { points: [] }, alt: 'A: no readings' },
    { what: 'one point', chart: { points: daily(1) }, alt: 'A: 1 on 24 Oct 00:00 UTC' },
    {
      what: 'only gaps',
      chart: { points: daily(null, null), releases: [{ at: new Date(start), version: '1' }] },
      alt: 'A: no readings',
    },
    {
      what: 'NaN',
      chart: { points: daily(Number.NaN, 1, Infinity) },
      alt: 'A: 1 on 25 Oct; 2 of 3 readings missing',
    },
    { what: 'zeros', chart: { points: at(0) }, alt: 'A from 0 on 24 Oct to 0 on 26 Oct' },
    { what: 'the same thrice', chart: { points: at(-7) }, alt: 'A from -7 on 24 Oct to -7 on 26 Oct' },
    { what: 'huge values', chart: { points: at(1e15) }, alt: 'A from 1e15 on 24 Oct to 1e15 on 26 Oct' },
    {
      what: 'the largest values',
      chart: { points: daily(1e300, null, -1e300) },
      alt: 'A from 1e300 on 24 Oct to -1e300 on 26 Oct; 1 of 3 readings missing',
    },
    {
      what: 'values that no axis holds',
      chart: { points: daily(1e308, 1, -1e308) },
      alt: 'A: 1 on 25 Oct; 2 of 3 readings missing',
    },
    {
      what: 'the smallest values',
      chart: { points: daily(5e-324, 1e-300) },
      alt: 'A from 5e-324 on 24 Oct 00:00 UTC to 1e-300 on 25 Oct 00:00 UTC',
    },
    {
      what: 'levels and days that are none',
      chart: {
        points: daily(1, 2),
        limit: { value: Number.NaN, label: 'limit' },
        goal: { value: Infinity },
        baseline: { mean: Number.NaN },
        clearAt: Number.NaN,
        raised: new Date(Number.NaN),
        releases: [{ at: new Date(Number.NaN), version: '1' }],
      },
      alt: 'A from 1 on 24 Oct 00:00 UTC to 2 on 25 Oct 00:00 UTC',
    },
    {
      what: 'a channel call',
      chart: { title: '<!channel> <@U1> 🔥', points: daily(1) },
      alt: '<!channel> <@U1> 🔥: 1 on 24 Oct 00:00 UTC',
    },
    {
      what: 'Hebrew',
      chart: { title: 'שיעור ערכים\u202e חסרים', points: daily(1) },
      alt: 'שיעור ערכים חסרים: 1 on 24 Oct 00:00 UTC',
    },
    { what: 'Chinese', chart: { title: '模型', points: daily(1) }, alt: '模型: 1 on 24 Oct 00:00 UTC' },
  ])('$what', ({ chart, alt }) => {
    const picture = seriesChart({ title: 'A', points: [], ...chart });
    expect(picture.alt).toBe(alt);
    expect(picture.svg).not.toMatch(/NaN|Infinity|undefined/);
    const { width, bytes } = drawn(picture.svg);
    expect(width).toBe(800);
    expect(bytes).toBeGreaterThan(5000);
    expect(bytes).toBeLessThan(300_000);
  });

  it('names of 500 features are cut to the width of the picture', () => {
    const names = Array.from({ length: 500 }, (_, n) => `feature_with_a_long_name_${n}`).join(', ');
    const { svg, alt } = seriesChart({
      title: names,
      unit: names,
      points: daily(1, 2),
      limit: { value: 1, label: names },
    });
    expect(alt.length).toBeLessThanOrEqual(300);
    expect(Math.max(...writtenIn(svg).map((text) => text.length))).toBeLessThan(90);
    expect(drawn(svg).bytes).toBeLessThan(300_000);
  });

  it('a busy month of minutes stays a small file', () => {
    const points = Array.from({ length: 20_000 }, (_, n) => ({
      at: new Date(start + n * 60_000),
      value: Math.sin(n * n),
    }));
    expect(drawn(seriesChart({ title: 'A', points, limit: { value: 0.5, label: 'limit' } }).svg).bytes).toBeLessThan(
      300_000,
    );
  });

  it('emoji stay in the alt text and out of the picture, which has no font for them', () => {
    const { svg, alt } = seriesChart({ title: 'Churn 🔥 👩\u200d🔬 of 5', points: daily(1) });
    expect(writtenIn(svg)).toContain('Churn of 5');
    expect(alt).toContain('🔥 👩\u200d🔬');
  });
});

/** How many nearly black pixels the title has, in raw RGBA. */
function inkOf(pixels: Uint8Array): number {
  let dark = 0;
  for (let at = 0; at < 50 * 800 * 4; at += 4) if ((pixels[at] ?? 255) < 80 && (pixels[at + 3] ?? 0) > 200) dark += 1;
  return dark;
}
