import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drillsCsv, figuresCsv, shiftsCsv } from '../../../src/features/incident-figures/files/rules.ts';
import { durationsOf, type Facts } from '../../../src/features/incident-figures/rules.ts';
import { falseAlerts, sharesOf } from '../../../src/features/incident-figures/shares/rules.ts';
import { callFigures, shiftsOf, type TeamCalls } from '../../../src/features/incident-figures/shifts/rules.ts';
import { figuresDrawing, reportMessage } from '../../../src/features/incident-figures/views.ts';
import { reasons } from '../../../src/features/drift/forms.ts';
import { disorder } from '../../../src/features/incidents/milestones.ts';
import { at, facts, figure, min, usual } from './support.ts';

const hour = 60 * min;
const day = 24 * hour;
const drill = (number: number, more: Partial<Facts> = {}) => facts(number, more, { kind: 'drill' });
const read = (all: readonly Facts[], beside = {}) =>
  reportMessage(all, 90, '2026-03-10', beside)
    .blocks.flatMap((block) => (block.type === 'section' ? [block.text?.text ?? ''] : []))
    .join('\n');

describe('figures in working hours', () => {
  /** Monday 16:00 to Tuesday 11:00. */
  const overnight = {
    onset: at(16 * 60),
    detected: at(17 * 60 + 30),
    acknowledged: at(33 * 60),
    resolved: at(35 * 60),
  };

  it('have codes of their own beside those by the clock', () => {
    expect(durationsOf(facts(1, { work: usual, times: overnight }))).toMatchObject({
      TTD: 90 * min,
      'TTD-bh': 60 * min,
      TTA: 15.5 * hour,
      'TTA-bh': 0,
      TTR: 19 * hour,
      'TTR-bh': 3 * hour,
      TTM: null,
      'TTM-bh': null,
    });
  });

  it('are those of the zone of the team, without the days on which it is closed', () => {
    const weekend = { onset: at(4 * 24 * 60 + 12 * 60), resolved: at(8 * 24 * 60 + 12 * 60) };
    expect(durationsOf(facts(1, { work: usual, times: weekend }))['TTR-bh']).toBe(16 * hour);
    const closed = { ...usual, away: [{ from: '2026-03-09', until: '2026-03-09' }] };
    expect(durationsOf(facts(1, { work: closed, times: weekend }))['TTR-bh']).toBe(8 * hour);
    const newYork = { ...usual, zone: 'America/New_York' };
    expect(durationsOf(facts(1, { work: newYork, times: overnight }))['TTR-bh']).toBe(6 * hour);
  });

  it('are never longer than those by the clock, and stand the wrong way round where those do', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 20_000 }), (onset, resolved) => {
        const found = durationsOf(facts(1, { work: usual, times: { onset: at(onset), resolved: at(resolved) } }));
        expect(Math.abs(found['TTR-bh'] ?? Number.NaN)).toBeLessThanOrEqual(Math.abs(found.TTR ?? Number.NaN));
        expect((found['TTR-bh'] ?? 0) * (found.TTR ?? 0)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('the message about working hours', () => {
  it('sums them up from ten on; before, the file has them', () => {
    const some = (n: number) => Array.from({ length: n }, (_each, i) => facts(i, { work: usual }));
    expect(read(some(9))).not.toContain('-bh');
    expect(read(some(10))).toContain('In working hours: *TTA-bh* median 0 min, p90 0 min, mean 0 min (n 10); *TTM-bh*');
    expect(figuresCsv(some(1))).toContain('TTA-bh_minutes');
  });
});

describe('calls per shift', () => {
  const team = (calls: readonly Date[], more: Partial<TeamCalls> = {}): TeamCalls => ({
    team: 'Retention',
    work: usual,
    since: at(0),
    calls,
    ...more,
  });
  const days = (n: number) => new Date(at(9 * 60).getTime() + n * day);

  it('a shift is a day of the team; those without a call count, the one that lasts does not', () => {
    const calls = [at(9 * 60), at(33 * 60 - 1), at(33 * 60), at(100 * 60)];
    expect(shiftsOf(team(calls), at(106 * 60))).toEqual([
      { from: days(0), until: days(1), calls: 2, outside: 1 },
      { from: days(1), until: days(2), calls: 1, outside: 0 },
      { from: days(2), until: days(3), calls: 0, outside: 0 },
      { from: days(3), until: days(4), calls: 1, outside: 1 },
    ]);
    expect(shiftsOf(team(calls, { since: at(9 * 60 + 1) }), at(106 * 60))).toHaveLength(3);
  });

  it('follow the clock of the team over a change of it', () => {
    const berlin = { ...usual, zone: 'Europe/Berlin' };
    const shifts = shiftsOf(
      team([], { work: berlin, since: new Date('2026-03-28T00:00Z') }),
      new Date('2026-03-31T00:00Z'),
    );
    expect(shifts.map(({ from }) => from.toISOString().slice(5, 16))).toEqual(['03-28T08:00', '03-29T07:00']);
  });

  it('under ten shifts are a list, without a median', () => {
    expect(callFigures([team([at(10 * 60)])], days(9))).toMatchObject([{ n: 9, median: null, p90: null, calls: 1 }]);
    expect(callFigures([team([at(10 * 60)])], days(10))).toMatchObject([
      { n: 10, median: 0, p90: expect.closeTo(0.1) },
    ]);
    expect(callFigures([team([])], at(60))).toEqual([]);
    const few = callFigures([team([at(10 * 60), at(11 * 60), at(22 * 60)])], days(2));
    expect(read([], { calls: few })).toContain('• Retention: 0, 3 (n 2); 3 calls, 1 of them outside working hours');
    const many = callFigures([team([at(10 * 60)])], days(20));
    expect(read([], { calls: many })).toContain('• Retention: median 0, p90 0 (n 20); 1 call');
  });

  it('as a file have a row for each shift', () => {
    const [head, first, ...rest] = shiftsCsv([team([at(10 * 60)])], days(2)).split('\r\n');
    expect(head).toBe('team,from,until,calls,outside_working_hours');
    expect(first).toBe('Retention,2026-03-02T09:00:00.000Z,2026-03-03T09:00:00.000Z,1,0');
    expect(rest).toHaveLength(2);
  });
});

describe('drills', () => {
  it('stand apart from what is real, as a list under ten', () => {
    const all = [facts(1), drill(2, { times: { ...facts(2).times, resolved: at(40), mitigated: undefined as never } })];
    expect(read(all)).toContain('*1 drill ended*, counted in nothing above');
    expect(read(all)).toContain('*TTR*: 40 min (n 1)');
    expect(read(all)).toContain('*TTM*: not known of any');
    expect(read(all)).toContain('until it was over, from when it began: 90 min (n 1)');
    expect(figure(all, 'TTR')).toMatchObject({ n: 1, values: [90 * min] });
    expect(figuresDrawing(all, 90).rows.every(({ values }) => values.length === 1)).toBe(true);
    const ten = Array.from({ length: 10 }, (_each, i) => drill(i));
    expect(read(ten)).toContain('*TTA*: median 8 min, p90 8 min, mean 8 min (n 10)');
  });

  it('that were called off were not played to their end, and tests are none', () => {
    const off = facts(1, {}, { kind: 'drill', state: 'cancelled', cancelReason: 'superseded' });
    expect(read([off, facts(2, {}, { kind: 'test' })])).not.toContain('drill');
  });

  it('have a file of their own', () => {
    const all = [facts(1), drill(2)];
    expect(
      drillsCsv(all)
        .split('\r\n')
        .slice(1)
        .map((row) => row.split(',')[0]),
    ).toEqual(['2', '']);
    expect(
      figuresCsv(all)
        .split('\r\n')
        .slice(1)
        .map((row) => row.split(',')[0]),
    ).toEqual(['1', '']);
  });
});

describe('shares', () => {
  it('detected by us before a user: the word of the post-mortem counts first, then an alert, else nobody said', () => {
    const of = (detectedHow: string | undefined, isByAlert = false) => facts(1, { detectedHow, isByAlert });
    const all = [
      ...['alert', 'team', 'audit', 'drill'].map((how) => of(how)),
      of('user', true),
      of('partner'),
      of(undefined, true),
      of(undefined),
    ];
    expect(sharesOf(all)).toMatchObject({
      byUs: { part: 5, of: 7 },
      byAlert: { part: 2, of: 7 },
      noticedHowUnknown: 1,
    });
    expect(read(all)).toContain(
      'noticed by us before a user or another team said so: 5 of 7, 2 by an alert; of 1 nobody said',
    );
  });

  it('with a rollback path exercised: only what was carried out and seen', () => {
    const all = [
      facts(1, { rollbacks: [{ asked: at(20) }] }),
      facts(2, { rollbacks: [{ asked: at(20), approved: at(25) }] }),
      facts(3, { rollbacks: [{ asked: at(20) }, { asked: at(30), approved: at(31), seen: at(40) }] }),
    ];
    expect(sharesOf(all).rolledBack).toEqual({ part: 1, of: 3 });
  });

  it('false-alarm rate of alerts: three reasons, and what was said in words beside them', () => {
    const judged = { ended: 12, notUseful: { noise: 2, data: 1, harmless: 1, expected: 1, details: 1, typed: 1 } };
    expect(falseAlerts(judged)).toEqual({
      share: { part: 7, of: 12 },
      reasons: { false_positive: 3, not_actionable: 2, poor_details: 1 },
      otherReasons: 1,
    });
    expect(read([facts(1)], { alerts: judged })).toContain(
      'drift alerts that were not useful: 7 of 12 (3 false positive, 2 not actionable, 1 poor details, 1 for another reason)',
    );
    const chosen = Object.fromEntries(Object.keys(reasons).map((each) => [each, 1]));
    expect(falseAlerts({ ended: 9, notUseful: chosen }).otherReasons).toBe(0);
  });

  it('reopen_count is reported beside the last resolved value', () => {
    expect(read([facts(1, {}, { reopenCount: 2 }), facts(2)])).toContain('opened again: 1 of 2, 2 times');
  });

  it('waived commitments are a share of all that was promised', () => {
    const kept = { due: '2026-03-05', doneOn: '2026-03-05', waived: null };
    const promises = [
      kept,
      { ...kept, doneOn: null, waived: { number: 1, text: 'A drill', reason: 'The feed is gone' } },
    ];
    expect(read([facts(1, { promises })])).toContain('commitments kept by their day: 1 of 1; waived: 1 of 2');
  });
});

describe('the order of times', () => {
  it('is warned of and nothing is clamped', () => {
    const times = { ...facts(1).times, detected: at(-5) };
    expect(durationsOf(facts(1, { times })).TTD).toBe(-5 * min);
    expect(read([facts(7, { times })])).toContain(':warning: The times of incident 7 cannot be in this order.');
  });

  it('of a past incident does not mind when it was told, nor that an alert was taken before it was declared', () => {
    const told = { ...facts(1).times, declared: at(9000), acknowledged: at(9001) };
    expect(disorder(told, 'backfill')).toEqual([]);
    expect(disorder(told)).not.toEqual([]);
    expect(disorder({ ...facts(1).times, acknowledged: at(12) })).toEqual([]);
    expect(disorder({ ...facts(1).times, acknowledged: at(8) })).toEqual([
      '"Somebody was on it" lies before "Detected".',
    ]);
  });
});

describe('the message', () => {
  it('under ten shows the whole list, and how many have no value', () => {
    const some = Array.from({ length: 9 }, (_each, i) =>
      facts(i, { times: { ...facts(i).times, detected: at(i + 1) } }),
    );
    const said = read([...some, facts(10, { times: {} })]);
    expect(said).toContain(
      '*TTD* until it was detected, from when it began: 1 min, 2 min, 3 min, 4 min, 5 min, 6 min, 7 min, 8 min, 9 min (n 9, 1 without)',
    );
  });

  it('is read in one look: few lines, within what Slack shows whole', () => {
    const all = Array.from({ length: 300 }, (_each, i) => facts(i, { times: { ...facts(i).times, detected: at(-5) } }));
    const calls = callFigures([{ team: 'Retention', work: usual, since: at(0), calls: [at(600)] }], at(90_000));
    const { blocks } = reportMessage([...all, drill(301)], 90, '2026-03-10', { calls });
    const texts = blocks.flatMap((block) => (block.type === 'section' ? [block.text?.text ?? ''] : []));
    expect(blocks.length).toBeLessThanOrEqual(10);
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(1200);
    expect(texts.join('\n').split('\n').length).toBeLessThanOrEqual(35);
    expect(texts.join()).toContain(' and 280 more cannot be in this order');
  });
});
