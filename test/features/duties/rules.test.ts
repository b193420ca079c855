import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type DutyId, matrix, type RoleId, roleIds, stages } from '../../../src/features/duties/matrix.ts';
import {
  checkAssignable,
  checkCell,
  isAwake,
  type ModelFacts,
  mustDiffer,
  type Someone,
  type TeamFacts,
} from '../../../src/features/duties/rules.ts';
import {
  checkAcceptance,
  coverage,
  type Gap,
  isWorthTelling,
  weekOf,
} from '../../../src/features/duties/gaps/rules.ts';
import { naiveGaps } from './naive.ts';
import { now, rows } from './teams-by-hand.ts';

const list = z.array(z.string());
const Standard = z.object({
  roles: z.array(z.object({ id: z.string() })),
  stages: list,
  duties: z.array(
    z.object({
      id: z.string(),
      stage: z.string(),
      text: z.string(),
      R: list,
      A: z.string(),
      C: list,
      I: list,
      sources: list,
      requiredTiers: z.array(z.number()),
      mustDifferFrom: list.default([]),
    }),
  ),
});

describe('the matrix', () => {
  it('is the one of role-coverage.json, cell by cell', () => {
    const standard = Standard.parse(JSON.parse(readFileSync('test/fixtures/role-coverage.json', 'utf8')));
    expect(
      matrix.map(({ id, stage, text, responsible: R, accountable: A, consulted: C, informed: I, ...rest }) => {
        const { sources, requiredTiers, mustDifferFrom } = rest;
        return { id, stage, text, R, A, C, I, sources, requiredTiers, mustDifferFrom };
      }),
    ).toEqual(standard.duties);
    expect([...stages]).toEqual(standard.stages);
    expect([...roleIds]).toEqual(standard.roles.map(({ id }) => id));
  });

  it('keeps only duties apart that it knows', () => {
    const ids = new Set<string>(matrix.map(({ id }) => id));
    expect(matrix.flatMap(({ mustDifferFrom }) => mustDifferFrom).filter((id) => !ids.has(id))).toEqual([]);
  });
});

const said = (gaps: readonly Gap[]) => gaps.map(({ duty, kind }) => `${duty}: ${kind}`).toSorted();

describe('teams by hand', () => {
  it('are more than twenty', () => expect(rows.length).toBeGreaterThan(20));
  it.each(rows)('$why', ({ team, model, expected }) => {
    expect(said(coverage(team, [model], now))).toEqual(expected.toSorted());
  });
  it.each(rows)('the second reading agrees: $why', ({ team, model, expected }) => {
    expect(naiveGaps(team, model, now).toSorted()).toEqual(expected.toSorted());
  });
});

const ids = ['a', 'b', 'c', 'd', 'e'];
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'];
const someDuties = [
  'train.reviewed',
  'validate.independent',
  'deploy.release',
  'deploy.approve',
  'oncall',
  'gov.owner',
] as const;
const day = fc
  .integer({ min: -25, max: 25 })
  .map((days) => new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10));
const awayArb = fc.tuple(day, day).map(([a, b]) => (a < b ? { from: a, until: b } : { from: b, until: a }));
const person = (id: string): fc.Arbitrary<Someone> =>
  fc.record({
    id: fc.constant(id),
    roles: fc.subarray<RoleId>(['ds', 'mle', 'ops', 'qa', 'pm']),
    hasAccount: fc.boolean().map((is) => is || id < 'd'),
    inTeam: fc.boolean().map((is) => is || id < 'd'),
    zone: fc.constantFrom(...zones),
    away: fc.array(awayArb, { maxLength: 2 }),
  });
const confirmedAt = fc.integer({ min: 0, max: 180 }).map((days) => new Date(now.getTime() - days * 86_400_000));
const assignedArb = fc.dictionary(
  fc.constantFrom(...someDuties),
  fc.array(fc.record({ personId: fc.constantFrom(...ids, 'nobody-known'), confirmedAt }), { maxLength: 3 }),
  { maxKeys: 4 },
);
const hour = fc.integer({ min: 0, max: 23 }).map((number) => `${String(number).padStart(2, '0')}:00`);
const teamArb: fc.Arbitrary<TeamFacts> = fc.record({
  zone: fc.constantFrom(...zones),
  hoursFrom: hour,
  hoursTo: hour,
  workdays: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
  people: fc.tuple(...ids.map(person)),
  assigned: assignedArb,
  matrix: fc.constant(matrix),
});
const modelArb: fc.Arbitrary<ModelFacts> = fc.record({
  id: fc.constant('m'),
  tier: fc.constantFrom(1 as const, 2 as const, 3 as const),
  ownerId: fc.constantFrom(...ids),
  deputyId: fc.constantFrom(...ids, null),
  confirmedAt,
  assigned: assignedArb,
});
const at = fc.integer({ min: 0, max: 14 * 24 }).map((hours) => new Date(now.getTime() + hours * 3_600_000));

describe('any team', () => {
  it('gets the answer of the second, simpler reading', () => {
    fc.assert(
      fc.property(teamArb, modelArb, at, (team, model, when) => {
        expect(said(coverage(team, [model], when))).toEqual(naiveGaps(team, model, when).toSorted());
      }),
      { numRuns: 300 },
    );
  });

  const withHolder = (model: ModelFacts, duty: DutyId, personId: string): ModelFacts => {
    const before = model.assigned[duty] ?? [];
    return { ...model, assigned: { ...model.assigned, [duty]: [...before, { personId, confirmedAt: now }] } };
  };

  it('one more name never leaves a duty to nobody, and closes that gap', () => {
    fc.assert(
      fc.property(
        teamArb,
        modelArb,
        fc.constantFrom(...someDuties),
        fc.constantFrom(...ids),
        (team, model, duty, id) => {
          const after = coverage(team, [withHolder(model, duty, id)], now);
          expect(after.filter((gap) => gap.kind === 'none' && gap.duty === duty)).toEqual([]);
          const none = (gaps: readonly Gap[]) => said(gaps.filter(({ kind }) => kind === 'none'));
          const before = new Set(none(coverage(team, [model], now)));
          expect(none(after).filter((gap) => !before.has(gap))).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('one more person awake around the clock in a role makes no hour emptier and nobody lonelier', () => {
    const many = (gaps: readonly Gap[]) => said(gaps.filter(({ kind }) => kind !== 'stale' && kind !== 'single'));
    fc.assert(
      fc.property(teamArb, modelArb, (team, model) => {
        const helpers = zones.map((zone) => ({
          id: `helper in ${zone}`,
          roles: [...roleIds],
          hasAccount: true,
          inTeam: true,
          zone,
          away: [],
        }));
        const alone: ModelFacts = { ...model, assigned: {} };
        const before = new Set(many(coverage({ ...team, assigned: {} }, [alone], now)));
        const after = many(coverage({ ...team, assigned: {}, people: [...team.people, ...helpers] }, [alone], now));
        expect(after.filter((gap) => !before.has(gap))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('is told only of duties its tier asks for, of one person only at tier 1, and worst first', () => {
    const order = ['high', 'medium', 'low', 'info'];
    fc.assert(
      fc.property(teamArb, modelArb, (team, model) => {
        const gaps = coverage(team, [model], now);
        const asked = new Set(
          matrix.filter(({ requiredTiers }) => requiredTiers.includes(model.tier)).map(({ id }) => id),
        );
        expect(gaps.every(({ duty }) => asked.has(duty))).toBe(true);
        expect(gaps.some(({ kind }) => kind === 'single') && model.tier !== 1).toBe(false);
        const ranks = gaps.map(({ severity }) => order.indexOf(severity));
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      }),
      { numRuns: 100 },
    );
  });

  it('gets the same answer whoever is listed first', () => {
    fc.assert(
      fc.property(teamArb, modelArb, (team, model) => {
        const turned = { ...team, people: team.people.toReversed(), matrix: matrix.toReversed() };
        expect(said(coverage(turned, [model], now))).toEqual(said(coverage(team, [model], now)));
      }),
      { numRuns: 100 },
    );
  });
});

describe('the promised hours', () => {
  const team = rows[0]?.team;
  it('name their first hole', () => {
    const tester = {
      id: 'q',
      roles: ['qa' as const],
      hasAccount: true,
      inTeam: true,
      zone: 'America/New_York',
      away: [],
    };
    const found =
      team && coverage({ ...team, people: [tester] }, [{ id: 'm', tier: 2, confirmedAt: now, assigned: {} }], now);
    const hours = found?.find(({ kind, duty }) => kind === 'hours' && duty === 'validate.pipeline');
    // At noon UTC New York has just got up, so the first hole is tomorrow's morning.
    expect(hours?.hole).toEqual({
      from: Date.parse('2026-11-24T09:00:00Z'),
      until: Date.parse('2026-11-24T12:00:00Z'),
    });
  });

  it('are read on the clock of the people, over the change of the clocks too', () => {
    const berlin = { id: 'b', roles: [], hasAccount: true, inTeam: true, zone: 'Europe/Berlin', away: [] };
    expect(isAwake(berlin, new Date('2026-10-24T05:00:00Z'))).toBe(true);
    expect(isAwake(berlin, new Date('2026-10-25T05:59:00Z'))).toBe(false);
    expect(isAwake(berlin, new Date('2026-10-25T06:00:00Z'))).toBe(true);
    expect(
      isAwake({ ...berlin, away: [{ from: '2026-10-25', until: '2026-10-25' }] }, new Date('2026-10-25T12:00:00Z')),
    ).toBe(false);
  });
});

describe('separation for one version or incident', () => {
  const approve = { mustDifferFrom: ['deploy.release'] };
  it.each([
    ['ana', { 'deploy.release': ['ana'] }, 'deploy.release'],
    ['ben', { 'deploy.release': ['ana'] }, undefined],
    ['ana', {}, undefined],
    ['ana', { 'incident.lead': ['ana'] }, undefined],
  ])('%s after %j: %s', (who, done, expected) => expect(mustDiffer(approve, who, done)).toBe(expected));
});

describe('what people may say', () => {
  const cell = matrix[0];
  it.each([
    ['nobody does it', { responsible: [] }, 'Choose at least one role'],
    ['apart from itself', { mustDifferFrom: ['goal.metric'] }, 'cannot be kept apart from itself'],
  ])('%s', (_, change, words) => {
    expect(cell && (() => checkCell(cell.id, { ...cell, ...change }))).toThrow(words);
  });

  it.each([
    ['2026-11-22', 'over already'],
    ['2027-06-01', 'within the next 180 days'],
  ])('a gap accepted until %s is refused', (until, words) => {
    expect(() => checkAcceptance(until, 'UTC', now)).toThrow(words);
  });

  it('owner and deputy are said on the model', () => {
    expect(() => checkAssignable('gov.deputy')).toThrow('said on the model itself');
    expect(() => checkAssignable('oncall')).not.toThrow();
  });
});

it('being one is no news for a duty that is one person’s by its own words', () => {
  expect(isWorthTelling({ duty: 'gov.owner', kind: 'single' })).toBe(false);
  expect(isWorthTelling({ duty: 'gov.owner', kind: 'inactive' })).toBe(true);
  expect(isWorthTelling({ duty: 'oncall', kind: 'single' })).toBe(true);
});

it.each([
  ['UTC', '2026-11-23T12:00:00Z', '2026-W48'],
  ['Pacific/Auckland', '2026-11-22T12:00:00Z', '2026-W48'],
  ['UTC', '2026-11-22T12:00:00Z', '2026-W47'],
  ['UTC', '2027-01-03T12:00:00Z', '2026-W53'],
  ['UTC', '2024-12-30T12:00:00Z', '2025-W01'],
])('in %s the week of %s is %s', (zone, instant, expected) => expect(weekOf(zone, new Date(instant))).toBe(expected));
