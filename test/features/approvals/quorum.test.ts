import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, isFull, seatsFor } from '../../../src/features/approvals/quorum.ts';
import { type Hat, hats, type Slot } from '../../../src/features/approvals/schema.ts';

const slot = (...hats: Hat[]): Slot => ({ label: hats.join(' or '), hats });
const someHats = fc.subarray([...hats]);
const slots = fc.array(
  someHats.filter((all) => all.length > 0).map((all) => slot(...all)),
  { maxLength: 4 },
);
const people = fc.uniqueArray(fc.record({ id: fc.constantFrom('A', 'B', 'C', 'D', 'E'), hats: someHats }), {
  selector: ({ id }) => id,
});

/** Every way to put people into slots, tried one after the other. */
function most(slots: readonly Slot[], people: readonly Pick<Candidate, 'id' | 'hats'>[]): number {
  const [first, ...rest] = slots;
  if (!first) return 0;
  const fitting = people.filter((person) => first.hats.some((hat) => person.hats.includes(hat)));
  return Math.max(
    most(rest, people),
    ...fitting.map(
      ({ id }) =>
        1 +
        most(
          rest,
          people.filter((each) => each.id !== id),
        ),
    ),
  );
}

const seated = (seats: ReturnType<typeof seatsFor>) => seats.flatMap(({ by }) => by ?? []);

describe('seats of approvers', () => {
  it('are as many as any arrangement could fill, nobody sits twice, and everybody fits', () => {
    fc.assert(
      fc.property(slots, people, (slots, people) => {
        const seats = seatsFor(
          slots,
          people.map((each) => ({ ...each, lent: [] })),
        );
        const by = seated(seats);
        expect(by).toHaveLength(most(slots, people));
        expect(new Set(by).size).toBe(by.length);
        for (const { slot, by, for: lender } of seats) {
          const person = people.find(({ id }) => id === by);
          expect(lender).toBeUndefined();
          if (person) expect(slot.hats.some((hat) => person.hats.includes(hat))).toBe(true);
        }
      }),
    );
  });

  it('never count one person twice, be it by themselves and a stand-in, or by two of those', () => {
    const lent = fc.array(fc.record({ from: fc.constantFrom('A', 'B', 'X', 'Y'), hats: someHats }), { maxLength: 3 });
    const candidates = fc.uniqueArray(fc.record({ id: fc.constantFrom('A', 'B', 'C'), hats: someHats, lent }), {
      selector: ({ id }) => id,
    });
    fc.assert(
      fc.property(slots, candidates, (slots, candidates) => {
        const seats = seatsFor(slots, candidates);
        const whose = seats.flatMap(({ by, for: lender }) => lender ?? by ?? []);
        expect(new Set(whose).size).toBe(whose.length);
      }),
    );
  });

  it('with stand-ins, too, are as many as any arrangement could fill', () => {
    const lent = fc.uniqueArray(fc.record({ from: fc.constantFrom('D', 'E', 'X', 'Y'), hats: someHats }), {
      selector: ({ from }) => from,
    });
    // Each lender has one stand-in: who that is, is drawn apart.
    const standIns = fc.array(fc.nat({ max: 4 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(slots, people, lent, standIns, (slots, people, lent, standIns) => {
        const candidates = people.map((each, i) => ({
          ...each,
          lent: lent.filter((_, j) => people.length > 0 && (standIns[j] ?? 0) % people.length === i),
        }));
        const wearing = candidates.map(({ id, hats, lent }) => ({
          id,
          // Who votes in person lends nothing.
          hats: [
            ...hats,
            ...lent.filter(({ from }) => !people.some(({ id }) => id === from)).flatMap(({ hats }) => hats),
          ],
        }));
        expect(seated(seatsFor(slots, candidates))).toHaveLength(most(slots, wearing));
      }),
    );
  });

  it('name the lender only where the own hats do not fit', () => {
    const borrower = { id: 'P', hats: ['named'] as const, lent: [{ from: 'O', hats: ['owner'] as const }] };
    expect(seatsFor([slot('owner')], [borrower])).toMatchObject([{ by: 'P', for: 'O' }]);
    expect(seatsFor([slot('owner', 'named')], [borrower])).toMatchObject([{ by: 'P', for: undefined }]);
  });

  it('of nobody are empty, and no slots are always full', () => {
    expect(isFull(seatsFor([slot('owner')], []))).toBe(false);
    expect(isFull(seatsFor([], []))).toBe(true);
  });
});
