import { expect, it } from 'vitest';
import { type Candidates, nextToAsk } from '../../../src/features/handovers/rules.ts';

const team: Candidates = { deputyId: 'D', leadId: 'L', active: ['A', 'D', 'L', 'Z'], away: [] };
const without = { ...team, deputyId: null };
const cases: readonly [string, Candidates, string[], string | undefined][] = [
  ['the deputy first', team, [], 'D'],
  ['then the lead', team, ['D'], 'L'],
  ['then the others', team, ['D', 'L'], 'A'],
  ['nobody twice', team, ['D', 'L', 'A', 'Z'], undefined],
  ['the lead, where there is no deputy', without, [], 'L'],
  ['the lead, where the deputy is gone, too', { ...team, active: ['A', 'L'] }, [], 'L'],
  ['a deputy who is away last', { ...team, away: ['D'] }, [], 'L'],
  ['a deputy who is away, where nobody else is left', { ...team, away: ['D'] }, ['A', 'L', 'Z'], 'D'],
];

it.each(cases)('asks %s', (_, candidates, asked, expected) => expect(nextToAsk(candidates, asked)).toBe(expected));
