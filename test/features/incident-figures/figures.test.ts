import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { durationsChart } from '../../../src/charts/durations-chart.ts';
import { cancel, resolve } from '../../../src/features/incidents/changes.ts';
import { correctTimes } from '../../../src/features/incidents/times/changes.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { factsSince } from '../../../src/features/incident-figures/queries.ts';
import { figuresCsv } from '../../../src/features/incident-figures/files/rules.ts';
import { durationsOf } from '../../../src/features/incident-figures/rules.ts';
import { followThrough, sharesOf } from '../../../src/features/incident-figures/shares/rules.ts';
import { figuresDrawing, reportMessage } from '../../../src/features/incident-figures/views.ts';
import { quantile, span } from '../../../src/lib/durations.ts';
import { addFactor, writePage } from '../../../src/features/postmortems/writing/changes.ts';
import { addCommitment, waive } from '../../../src/features/postmortems/commitments/changes.ts';
import { factorsOf } from '../../../src/features/postmortems/queries.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { it } from '../../support/house.ts';
import { another, declared } from '../incidents/support.ts';
import { at, facts, figure, min } from './support.ts';

describe('durations', () => {
  it('are between two facts each', () => {
    const rollbacks = [{ asked: at(20), approved: at(25), seen: at(55) }];
    expect(durationsOf(facts(1, { rollbacks, learnedAt: at(150), calledAt: at(12) }))).toEqual({
      TTD: 10 * min,
      TTDecl: 5 * min,
      TTA: 8 * min,
      'TTA-page': 6 * min,
      TTM: 60 * min,
      TTMr: 50 * min,
      TTR: 90 * min,
      TTRepair: 75 * min,
      TTRBa: 5 * min,
      TTRB: 30 * min,
      TTL: 60 * min,
      LD: null,
      'TTD-bh': 10 * min,
      'TTA-bh': 8 * min,
      'TTM-bh': 60 * min,
      'TTR-bh': 90 * min,
    });
    expect(durationsOf(facts(1, { labelsAt: at(600) })).LD).toBe(600 * min);
  });

  it('are not known where a fact is missing, and never filled in from another', () => {
    const { times } = facts(1);
    const { mitigated: _skipped, onset: _unknown, ...rest } = times;
    expect(durationsOf(facts(1, { times: rest }))).toMatchObject({
      TTD: null,
      TTM: null,
      TTMr: null,
      TTR: null,
      TTA: 8 * min,
    });
  });

  it('of what was put on record later say nothing about declaring and answering', () => {
    const past = [facts(1, { calledAt: at(12) }, { kind: 'backfill' })];
    expect(past.map(durationsOf)).toMatchObject([
      { TTDecl: null, TTA: null, 'TTA-page': null, 'TTA-bh': null, TTRepair: null, TTR: 90 * min },
    ]);
    expect(['TTDecl', 'TTA', 'TTA-page', 'TTA-bh', 'TTRepair'].map((code) => figure(past, code)?.unknown)).toEqual(
      Array.from({ length: 5 }, () => 0),
    );
  });
});

describe('figures', () => {
  it('under ten values are a list, without mean and trend', () => {
    const nine = Array.from({ length: 9 }, (_, i) => facts(i));
    expect(figure(nine, 'TTR')).toMatchObject({ n: 9, mean: null, median: null, p90: null });
    const ten = [...nine, facts(10, { times: { ...facts(0).times, resolved: at(990) } })];
    expect(figure(ten, 'TTR')).toMatchObject({
      n: 10,
      mean: 180 * min,
      median: 90 * min,
      p90: expect.closeTo(180 * min),
    });
    const { resolved: _open, ...unknown } = facts(0).times;
    expect(figure([...ten, facts(11, { times: unknown })], 'TTR')).toMatchObject({ n: 10, unknown: 1 });
  });

  it('leave out drills, tests, what was called off and what was merged', () => {
    const all = [
      facts(1),
      facts(2, {}, { kind: 'drill' }),
      facts(3, {}, { kind: 'test' }),
      facts(4, {}, { state: 'cancelled', cancelReason: 'false_positive' }),
      facts(5, {}, { state: 'merged' }),
      facts(6, {}, { state: 'cancelled', cancelReason: 'duplicate' }),
    ];
    expect(figure(all, 'TTR')).toMatchObject({ n: 1 });
    expect(sharesOf(all)).toEqual({
      byUs: { part: 1, of: 1 },
      noticedHowUnknown: 0,
      byAlert: { part: 1, of: 1 },
      rolledBack: { part: 0, of: 1 },
      reopened: { part: 0, of: 1 },
      timesReopened: 0,
      falseAlarms: { part: 1, of: 2 },
      unacknowledged: { part: 0, of: 1 },
      repeated: { part: 0, of: 1 },
    });
  });

  it('count what was over before anybody was on it, and what was seen before', () => {
    const { acknowledged: _nobody, ...alone } = facts(1).times;
    const all = [
      facts(1, { times: alone, isRepeat: true }),
      facts(2),
      facts(3, { times: alone }, { kind: 'backfill' }),
    ];
    expect(sharesOf(all)).toMatchObject({ unacknowledged: { part: 1, of: 2 }, repeated: { part: 1, of: 3 } });
  });

  it('say whether promises were kept by their day, and how late', () => {
    const given = { number: 7, text: 'Check units', reason: 'the feed is gone' };
    const kept = (due: string, doneOn: string | null, isWaived = false) => ({
      due,
      doneOn,
      waived: isWaived ? given : null,
    });
    const of = (...promises: ReturnType<typeof kept>[]) => followThrough([facts(1, { promises })], '2026-03-10');
    const some = of(
      kept('2026-03-05', '2026-03-05'),
      kept('2026-03-05', '2026-03-07'),
      kept('2026-03-09', null),
      kept('2026-03-10', null),
      kept('2026-03-20', '2026-03-01'),
      kept('2026-03-01', null, true),
    );
    expect(some).toEqual({
      onTime: { part: 2, of: 4 },
      promised: 6,
      waived: [given],
      late: [-19, 0, 2],
      medianLate: null,
    });
    const ten = Array.from({ length: 10 }, (_, i) => kept('2026-03-01', `2026-03-${String(i + 1).padStart(2, '0')}`));
    expect(of(...ten)).toMatchObject({ onTime: { part: 1, of: 10 }, medianLate: 4.5 });
    expect(followThrough([facts(1, { promises: ten }, { kind: 'drill' })], '2026-03-10').onTime.of).toBe(0);
  });

  it('have quantiles that lie between the smallest and the largest, and grow with the share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1e6 }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const sorted = values.toSorted((a, b) => a - b);
          const found = quantile(sorted, share) ?? Number.NaN;
          expect(found).toBeGreaterThanOrEqual(sorted[0] ?? 0);
          expect(found).toBeLessThanOrEqual(sorted.at(-1) ?? 0);
          expect(found).toBeLessThanOrEqual((quantile(sorted, 1) ?? 0) + 1e-9);
        },
      ),
    );
    expect([quantile([1, 2, 3, 4], 0.5), quantile([5], 0.9), quantile([], 0.5)]).toEqual([2.5, 5, null]);
  });

  it.each([
    [95 * min, '95 min'],
    [5 * 60 * min, '5 h'],
    [-30 * min, '-30 min'],
    [72 * 60 * min, '3 days'],
  ])('%i ms are said as %s', (ms, words) => expect(span(ms)).toBe(words));
});

describe('/ml incident report', () => {
  it('is made from facts that people may put right, and names times that cannot be', async ({ house }) => {
    const one = await declared(house);
    house.later(6);
    await takeCommand(house.ctx, one.id, 'OLGA');
    house.later(24);
    await resolve(house.ctx, one.id, 'over', '', 'OLGA');
    const drill = await another(house, one.model.id, { kind: 'drill' });
    await resolve(house.ctx, drill.id, 'over', '', 'OLGA');
    const wrong = await another(house, one.model.id);
    await cancel(house.ctx, wrong.id, 'false_positive', 'the dashboard was wrong', 'OLGA');
    const read = async () =>
      JSON.stringify(reportMessage(await factsSince(house.ctx, new Date(0), 'PROD'), 90, '2026-03-02').blocks);
    expect(await read()).toContain('1 incident ended in the last 90 days');
    expect(await read()).toContain('until somebody was on it, from when it was detected: 6 min (n 1)');
    expect(await read()).toContain('until the impact stopped, from when it began: not known of any');
    expect(await read()).toContain('incidents among all that was declared: 1 of 2');
    expect(await read()).not.toContain('cannot be in this order');
    const late = { onset: house.now(), detected: new Date(house.now().getTime() - 40 * min) };
    await correctTimes(house.ctx, one.id, ['onset', 'detected'], late, 'OLGA');
    expect(await read()).toContain('The times of incident 1 cannot be in this order.');
    expect(await read()).not.toMatch(/OLGA|ENGI/);
  });

  it('knows from post-mortems what repeats, what was promised, and when labels said how bad it was', async ({
    house,
  }) => {
    const one = await declared(house);
    await takeCommand(house.ctx, one.id, 'OLGA');
    await resolve(house.ctx, one.id, 'over', '', 'OLGA');
    const first = await start(house.ctx, one.id, 'OLGA');
    const factor = { category: 'data', statement: 'No check of units', evidence: '' } as const;
    await addFactor(house.ctx, first.id, factor, 'DEPU');
    const about = { text: 'x', type: 'detect', due: '2026-03-01', verification: 'a drill', ownerId: 'ENGI' } as const;
    await addCommitment(house.ctx, first.id, about, 'ENGI');
    const [seen] = await factorsOf(house.ctx, first.id);
    const two = await another(house, one.model.id);
    await resolve(house.ctx, two.id, 'over', '', 'OLGA');
    const again = await start(house.ctx, two.id, 'OLGA');
    await addFactor(house.ctx, again.id, { ...factor, sameAs: seen?.id }, 'DEPU');
    house.later(60);
    await writePage(house.ctx, again.id, [{ section: 'impact_basis', revision: 0, text: 'measured' }], 'OLGA');
    const known = await factsSince(house.ctx, new Date(0), 'PROD');
    expect(known.map(({ isRepeat }) => isRepeat)).toEqual([false, true]);
    expect(known.map((each) => durationsOf(each).LD)).toEqual([null, 120 * min]);
    const said = JSON.stringify(reportMessage(known, 90, '2026-03-02').blocks);
    expect(said).toContain('*TTF* commitments kept by their day: 0 of 1; waived: 0 of 1');
    expect(said).toContain('with a condition that was seen before: 1 of 2');
    await writePage(house.ctx, again.id, [{ section: 'impact_basis', revision: 1, text: 'estimated' }], 'OLGA');
    expect((await factsSince(house.ctx, new Date(0), 'PROD')).map((each) => durationsOf(each).LD)).toEqual([
      null,
      null,
    ]);
  });

  it('shows what was waived with its reason, in words and in the file, and who did it nowhere', async ({ house }) => {
    const one = await declared(house);
    await resolve(house.ctx, one.id, 'over', '', 'OLGA');
    const { id } = await start(house.ctx, one.id, 'OLGA');
    const about = { type: 'detect', due: '2026-03-01', verification: 'a drill', ownerId: 'ENGI' } as const;
    for (let made = 0; made < 6; made += 1) {
      const promised = await addCommitment(house.ctx, id, { ...about, text: `Check unit ${made}` }, 'ENGI');
      await waive(house.ctx, promised.id, `Feed ${made} is gone for good.`, 'OLGA');
    }
    const known = await factsSince(house.ctx, new Date(0), 'PROD');
    const said = JSON.stringify(reportMessage(known, 90, '2026-03-02').blocks);
    expect(said).toContain('*Commitments that were waived*');
    expect(said).toContain('• *6* Check unit 5: Feed 5 is gone for good.');
    expect(said).toContain('_and 1 more_');
    expect(said).not.toMatch(/Check unit 0|OLGA|ENGI/);
    expect(figuresCsv(known)).toMatch(/,6,0,6\r\n$/);
    const hidden = await another(house, one.model.id, { onlyFor: ['DEPU'] });
    await resolve(house.ctx, hidden.id, 'over', '', 'ENGI');
    const confidential = await start(house.ctx, hidden.id, 'ENGI');
    const secret = await addCommitment(house.ctx, confidential.id, { ...about, text: 'A secret' }, 'ENGI');
    await waive(house.ctx, secret.id, 'It is not needed any more.', 'DEPU');
    const seen = async (viewer: string) =>
      JSON.stringify(reportMessage(await factsSince(house.ctx, new Date(0), viewer), 90, '2026-03-02').blocks);
    expect(await seen('PROD')).not.toContain('A secret');
    expect(await seen('DEPU')).toContain('A secret');
  });

  it('gives the time to detect as a range where its beginning is one', () => {
    const times = { ...facts(1).times, onset_earliest: at(-20), onset_latest: at(5) };
    const said = JSON.stringify(reportMessage([facts(1, { times }), facts(2)], 90, '2026-03-02').blocks);
    expect(said).toContain('TTD where the beginning is an interval: 5–30 min (n 1)');
  });

  it('as a file holds a row for each incident that counts, and nothing that a spreadsheet would run', () => {
    const drill = facts(3, {}, { kind: 'drill' });
    const bad = facts(2, { times: {} }, { title: '=1+1, "quoted"' });
    const csv = figuresCsv([facts(1, { model: 'churn, old' }), bad, drill]);
    const [head, first, second, ...rest] = csv.split('\r\n');
    expect(rest).toEqual(['']);
    expect(head).toMatch(
      /^incident,title,model,kind,.*,noticed_by,noticed_by_us,.*,first_call,TTD_minutes,.*,TTL_minutes,LD_minutes,TTD-bh_minutes,.*,TTD_least_minutes,TTD_most_minutes,commitments,commitments_on_time,commitments_waived$/,
    );
    expect(first).toContain('1,Scores are off,"churn, old",incident,sev2,closed,alert,true,false,0,');
    expect(first).toContain(',10,5,8,,60,50,90,75,,,,,10,8,60,90,');
    expect(second).toContain(`2,"'=1+1, ""quoted""",churn-model`);
    expect(second).toMatch(/,{10,}0,0,0$/);
  });

  it('as a picture has a dot for each, and a median only from ten on', () => {
    const few = Array.from({ length: 9 }, (_each, i) => facts(i));
    expect(figuresDrawing(few, 90).rows[0]).toMatchObject({ name: 'TTD', median: null });
    const many = [...few, facts(9), facts(10, { times: {} })];
    const { rows } = figuresDrawing(many, 90);
    expect(rows[0]).toMatchObject({ name: 'TTD', median: 10 });
    expect(rows.find(({ name }) => name === 'TTRB')).toBeUndefined();
    const { svg, alt } = durationsChart(figuresDrawing(many, 90));
    expect(svg.match(/<path|<circle/g)?.length).toBeGreaterThan(20);
    expect(alt).toContain('TTD: 10 from 10 min to 10 min, median 10 min');
  });

  it('of nothing says so', () => {
    const { text, blocks } = reportMessage([], 90, '2026-03-02');
    expect(text).toContain('No incident ended in the last 90 days.');
    expect(blocks).toHaveLength(1);
  });
});
