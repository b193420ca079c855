import type { Hat, RequestKind, Slot } from './schema.ts';
import type { Tier } from '../models/schema.ts';

const anyone: Slot = { label: 'an approver', hats: ['owner', 'deputy', 'lead', 'named'] };
const another: Slot = { ...anyone, label: 'one more approver' };
const owner: Slot = { label: 'the owner or the deputy', hats: ['owner', 'deputy'] };

/** Who has to agree. Tier 1: two people, one of them the owner or the deputy. */
export function slotsFor(_kind: RequestKind, tier: Tier): readonly Slot[] {
  return tier === 1 ? [owner, another] : [anyone];
}

/** Somebody who may fill slots; `lent` is what others handed to them while they are away. */
export interface Candidate {
  readonly id: string;
  readonly hats: readonly Hat[];
  readonly lent: readonly { readonly from: string; readonly hats: readonly Hat[] }[];
}

export interface Seat {
  readonly slot: Slot;
  readonly by: string | undefined;
  /** Whose place they take, where their own hats do not fit. */
  readonly for: string | undefined;
}

/**
 * The most slots that these people can fill, each of them one: a maximum bipartite matching by augmenting paths,
 * because filling one after the other would leave requests open that are decided. Earlier people keep a lent hat.
 */
export function seatsFor(slots: readonly Slot[], candidates: readonly Candidate[]): readonly Seat[] {
  const present = new Set(candidates.map(({ id }) => id));
  const used = new Set<string>();
  const people = candidates.map(({ id, hats, lent }) => {
    // Who votes in person lends nothing, and what one person lends counts once.
    const own = lent.filter(({ from }) => !present.has(from) && !used.has(from));
    for (const { from } of own) used.add(from);
    return { id, hats, lent: own };
  });
  const fits = (slot: Slot, person: Candidate) =>
    slot.hats.some((hat) => person.hats.includes(hat) || person.lent.some((each) => each.hats.includes(hat)));
  const taken: (Candidate | undefined)[] = slots.map(() => undefined);

  function place(person: Candidate, seen: Set<number>): boolean {
    for (const [i, slot] of slots.entries()) {
      if (seen.has(i) || !fits(slot, person)) continue;
      seen.add(i);
      const sitting = taken[i];
      if (sitting && !place(sitting, seen)) continue;
      taken[i] = person;
      return true;
    }
    return false;
  }
  for (const person of people) place(person, new Set());

  return slots.map((slot, i) => {
    const person = taken[i];
    const inOwnName = person && slot.hats.some((hat) => person.hats.includes(hat));
    const lender = person?.lent.find((each) => slot.hats.some((hat) => each.hats.includes(hat)))?.from;
    return { slot, by: person?.id, for: inOwnName ? undefined : lender };
  });
}

export const isFull = (seats: readonly Seat[]): boolean => seats.every(({ by }) => by !== undefined);

/** Labels of the slots that stay empty, even if all of these people agree. */
export function emptySlots(slots: readonly Slot[], candidates: readonly Candidate[]): readonly string[] {
  return seatsFor(slots, candidates).flatMap(({ slot, by }) => (by === undefined ? [slot.label] : []));
}
