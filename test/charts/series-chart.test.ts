import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { breaches, type Point } from '../../src/charts/breaches.ts';
import { toPng } from '../../src/charts/png.ts';
import { seriesChart } from '../../src/charts/series-chart.ts';
import { beyondSince, figure, ticks } from '../../src/charts/wording.ts';

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

it.each([
  [0.04123, undefined, '0.0412'],
  [98.66, '%', '98.7%'],
  [12345.6, 'ms', '12,346 ms'],
  [-0.5, undefined, '-0.5'],
])('%d in %s is written %s', (value, unit, text) => {
  expect(figure(value, unit)).toBe(text);
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
    const drawn = new Resvg(pictureOf(`data:image/png;base64,${png.toString('base64')}`)).render().pixels;
    expect(inkOf(drawn)).toBeGreaterThan(500);
    expect(inkOf(new Resvg(svg, { font: { loadSystemFonts: false } }).render().pixels)).toBe(0);
  });

  it.each([{ points: [] }, { points: daily(null) }, { points: daily(0, 0, 0) }, { points: daily(1e300, -1e300) }])(
    'is drawn of $points',
    ({ points }) => {
      expect(toPng(seriesChart({ title: '模型', points, limit }).svg).length).toBeGreaterThan(5000);
    },
  );
});

/** How many nearly black pixels the title has, in raw RGBA. */
function inkOf(pixels: Uint8Array): number {
  let dark = 0;
  for (let at = 0; at < 50 * 800 * 4; at += 4) if ((pixels[at] ?? 255) < 80) dark += 1;
  return dark;
}
