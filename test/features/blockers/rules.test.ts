import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorking, workedMs, type WorkTime } from '../../../src/features/blockers/clock.ts';
import { needChoices, needOf, needValue, needWords } from '../../../src/features/blockers/needs.ts';
import {
  after,
  answerMs,
  asked,
  ended,
  fireAt,
  isDue,
  mayReopen,
  nextToAsk,
  paused,
  reminded,
  resumed,
  type Route,
  taken,
} from '../../../src/features/blockers/rules.ts';
import type { Blocker, Reply, Step } from '../../../src/features/blockers/schema.ts';
import { Refusal } from '../../../src/lib/refusal.ts';

const monday = new Date('2026-03-02T09:00:00Z');
const hours = (zone: string): WorkTime => ({
  zone,
  hoursFrom: '09:00',
  hoursTo: '17:00',
  workdays: [1, 2, 3, 4, 5],
  away: [],
});
const zoneOf: Readonly<Record<string, string>> = {
  ANA: 'Europe/Berlin',
  BEN: 'America/New_York',
  CAI: 'Asia/Tokyo',
  DEE: 'UTC',
  LEA: 'Pacific/Auckland',
};
const people = Object.keys(zoneOf);
const timeOf = (id: string | null) => hours(zoneOf[id ?? ''] ?? 'UTC');

const fresh: Blocker = {
  workspace: 'T1',
  id: 'b',
  number: 1,
  origin: null,
  teamId: 't',
  what: 'The feed is late',
  need: 'role:de',
  needTeamId: 't',
  datasetId: null,
  modelId: null,
  blocks: '',
  severity: 'stopped',
  since: monday,
  raisedBy: 'ASK',
  raisedAt: monday,
  fromRole: 'ds',
  toRole: 'de',
  state: 'open',
  step: 'holder',
  askedId: null,
  askedAt: monday,
  heldIn: null,
  takenBy: null,
  takenAt: null,
  clockFrom: monday,
  clockLeftMs: answerMs,
  dueAt: null,
  reminders: 0,
  asking: null,
  asks: 0,
  questions: 0,
  hops: 0,
  unblocked: null,
  endedBy: null,
  endedAt: null,
  reopened: 0,
  stretchFrom: monday,
  blockedMs: 0,
  revision: 1,
};

const deed = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 2000 }) }) },
  fc.record({
    do: fc.constantFrom('take', 'not-us', 'ask', 'answer', 'give-back', 'close'),
    by: fc.constantFrom(...people, 'ASK'),
  }),
);
const route: fc.Arbitrary<Route> = fc.record({
  holders: fc.shuffledSubarray(['ANA', 'BEN', 'CAI']),
  deputies: fc.shuffledSubarray(['DEE', 'ANA'], { maxLength: 1 }),
  leads: fc.shuffledSubarray(['LEA', 'BEN'], { maxLength: 2 }),
});

/** Lives one through, as the store does: every change is one of the rules. */
function live(route: Route, deeds: readonly (typeof deed extends fc.Arbitrary<infer D> ? D : never)[]) {
  let now = monday;
  let blocker: Blocker = fresh;
  const replies = new Map<string, Reply>();
  const calls: { step: Step; person: string; hadSaidNo: boolean; stretch: number }[] = [];
  const fired: { at: Date; person: string | null; course: Blocker; ranMs: number }[] = [];
  const takers: string[] = [];
  let stretch = 0;
  let ranMs = 0;
  const forward = (from: Step) => {
    const next = nextToAsk(route, from, replies);
    blocker = { ...blocker, ...asked(next, now) };
    ranMs = 0;
    if (next) {
      const hadSaidNo = (replies.get(next.personId) ?? 'waiting') !== 'waiting';
      calls.push({ step: next.step, person: next.personId, hadSaidNo, stretch });
      replies.set(next.personId, 'waiting');
    }
  };
  forward('holder');
  const isMine = (by: string) => replies.has(by) || by === blocker.takenBy;
  for (const each of deeds) {
    try {
      if (each.do === 'wait') {
        const who = blocker.takenBy ?? blocker.askedId;
        const until = new Date(now.getTime() + each.minutes * 60_000);
        if (blocker.asking === null) ranMs += workedMs(timeOf(who), now, until);
        now = until;
        if (!isDue(blocker, timeOf(who), now)) continue;
        fired.push({ at: now, person: who, course: blocker, ranMs });
        if (blocker.state === 'taken' || blocker.step === 'lead') blocker = { ...blocker, ...reminded(blocker, now) };
        else {
          // Where nobody was left, it begins anew with whoever is there then.
          if (blocker.step === 'nobody') stretch += 1;
          forward(after(blocker.step));
        }
      } else if (each.do === 'take' && isMine(each.by)) {
        blocker = { ...blocker, ...taken(blocker, each.by, now) };
        takers.push(each.by);
      } else if (each.do === 'not-us' && each.by === blocker.askedId) {
        replies.set(each.by, 'not_us');
        forward(blocker.step);
      } else if (each.do === 'ask' && isMine(each.by)) {
        blocker = { ...blocker, ...paused(blocker, 1, timeOf(blocker.takenBy ?? blocker.askedId), now) };
      } else if (each.do === 'answer' && blocker.asking !== null) {
        blocker = { ...blocker, ...resumed(now) };
      } else if (each.do === 'give-back' && each.by === blocker.takenBy) {
        replies.set(each.by, 'gave_back');
        takers.pop();
        stretch += 1;
        forward('holder');
      } else if (each.do === 'close' && (each.by === 'ASK' || each.by === blocker.takenBy)) {
        blocker = { ...blocker, ...ended(blocker, 'closed', each.by, now) };
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return { blocker, calls, fired, takers };
}

describe('from hand to hand, whatever people do', () => {
  const lives = fc.tuple(route, fc.array(deed, { maxLength: 60 }));

  it('there is never more than one taker, and whoever took it has it until they give it back', () => {
    fc.assert(
      fc.property(lives, ([ways, deeds]) => {
        const { blocker, takers } = live(ways, deeds);
        expect(takers.length).toBeLessThanOrEqual(1);
        expect(blocker.takenBy).toBe(takers[0] ?? null);
        if (blocker.state === 'taken') expect(blocker.askedId).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('the clock fires only while its recipient works, after four hours of theirs in which it did not stand', () => {
    let seen = 0;
    fc.assert(
      fc.property(lives, ([ways, deeds]) => {
        for (const { at, person, course, ranMs } of live(ways, deeds).fired) {
          seen += 1;
          expect(isWorking(timeOf(person), at)).toBe(true);
          expect(course.asking).toBeNull();
          if (course.state === 'open' && (course.step === 'holder' || course.step === 'deputy'))
            expect(ranMs).toBeGreaterThanOrEqual(answerMs);
        }
      }),
      { numRuns: 200 },
    );
    expect(seen).toBeGreaterThan(100);
  });

  it('each step is asked once, in order; nobody is asked twice but the lead, and nobody who said no', () => {
    fc.assert(
      fc.property(lives, ([ways, deeds]) => {
        const { calls } = live(ways, deeds);
        const order = ['holder', 'deputy', 'lead'];
        for (const stretch of new Set(calls.map((each) => each.stretch))) {
          const steps = calls.filter((each) => each.stretch === stretch).map(({ step }) => order.indexOf(step));
          expect(steps).toEqual(steps.toSorted((a, b) => a - b));
        }
        for (const person of people) {
          const mine = calls.filter((each) => each.person === person);
          expect(mine.filter(({ step }) => step !== 'lead').length).toBeLessThanOrEqual(1);
        }
        expect(calls.filter(({ hadSaidNo }) => hadSaidNo)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('who is asked next', () => {
  const ways: Route = { holders: ['ANA', 'BEN'], deputies: ['DEE'], leads: ['LEA'] };
  const none = new Map<string, Reply>();
  const cases: readonly [string, Route, Step, Record<string, Reply>, string | undefined][] = [
    ['the holder', ways, 'holder', {}, 'holder ANA'],
    ['the deputy after them', ways, 'deputy', { ANA: 'waiting' }, 'deputy DEE'],
    ['the next holder where there is no deputy', { ...ways, deputies: [] }, 'deputy', { ANA: 'waiting' }, 'deputy BEN'],
    ['the lead at last', ways, 'lead', { ANA: 'waiting', DEE: 'waiting' }, 'lead LEA'],
    ['the lead who was asked as a holder', { ...ways, leads: ['ANA'] }, 'lead', { ANA: 'waiting' }, 'lead ANA'],
    ['nobody who said no, not even as the lead', { ...ways, leads: ['ANA'] }, 'lead', { ANA: 'not_us' }, undefined],
    ['the lead at once where nobody holds it', { ...ways, holders: [], deputies: [] }, 'holder', {}, 'lead LEA'],
    ['everybody again who is new, where nobody was left', ways, 'nobody', { ANA: 'not_us' }, 'holder BEN'],
  ];
  it.each(cases)('%s', (_, of, from, replies, expected) => {
    const next = nextToAsk(of, from, new Map(Object.entries(replies)));
    expect(next && `${next.step} ${next.personId}`).toBe(expected);
  });
  it('nobody, where nobody is there', () =>
    expect(nextToAsk({ holders: [], deputies: [], leads: [] }, 'holder', none)).toBeUndefined());
});

describe('the clock', () => {
  const open: Blocker = { ...fresh, ...asked({ step: 'holder', personId: 'DEE' }, monday) };
  it('late after a stop in the night, it waits for the morning', () => {
    const night = new Date('2026-03-02T23:00:00Z');
    expect(isDue(open, timeOf('DEE'), night)).toBe(false);
    expect(fireAt(open, timeOf('DEE'), night)).toEqual(new Date('2026-03-03T09:00:00Z'));
    expect(isDue(open, timeOf('DEE'), new Date('2026-03-03T09:00:00Z'))).toBe(true);
  });
  it('a question stops it, and the answer gives back what was left', () => {
    const asking = { ...open, ...paused(open, 1, timeOf('DEE'), new Date('2026-03-02T12:00:00Z')) };
    expect(fireAt(asking, timeOf('DEE'), new Date('2026-03-20T12:00:00Z'))).toBeUndefined();
    const goesOn = { ...asking, ...resumed(new Date('2026-03-04T16:30:00Z')) };
    expect(fireAt(goesOn, timeOf('DEE'), new Date('2026-03-04T16:30:00Z'))).toEqual(new Date('2026-03-05T09:30:00Z'));
  });
  it('whoever took it is asked after three working days, then every working day', () => {
    const has = { ...open, ...taken(open, 'DEE', new Date('2026-03-05T10:00:00Z')) };
    expect(fireAt(has, timeOf('DEE'), monday)).toEqual(new Date('2026-03-10T10:00:00Z'));
    const again = { ...has, ...reminded(has, new Date('2026-03-10T10:00:00Z')) };
    expect(fireAt(again, timeOf('DEE'), monday)).toEqual(new Date('2026-03-11T10:00:00Z'));
  });
});

describe('it is back', () => {
  const closed: Blocker = { ...fresh, ...ended(fresh, 'closed', 'DEE', monday) };
  const later = (days: number) => new Date(monday.getTime() + days * 86_400_000);
  it('within seven days, said by who raised it', () => {
    expect(() => mayReopen(closed, 'ASK', later(7))).not.toThrow();
    expect(() => mayReopen(closed, 'ASK', later(7.01))).toThrow('more than 7 days ago');
    expect(() => mayReopen(closed, 'DEE', later(1))).toThrow('Only who raised it');
    expect(() => mayReopen(fresh, 'ASK', later(1))).toThrow('open already');
  });
});

describe('what is needed', () => {
  it('every choice is read as a need, written back as it was, and says itself in words', () => {
    const choices = needChoices();
    expect(new Set(choices.map(({ value }) => value)).size).toBe(choices.length);
    for (const { value } of choices) {
      expect(needValue(needOf(value))).toBe(value);
      expect(needWords(needOf(value))).toMatch(/^(an?|somebody) /);
    }
    expect(needOf('person:U01ANA')).toEqual({ kind: 'person', person: 'U01ANA' });
  });
  it.each(['', 'role:', 'role:king', 'duty:nothing', 'person:', 'person:<!channel>', 'decision:x'])(
    '"%s" is refused at its field',
    (value) => expect(() => needOf(value)).toThrow(expect.objectContaining({ field: 'need' })),
  );
});
