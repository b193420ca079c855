import { expect, it } from 'vitest';
import { checkClosing } from '../../../src/features/calendars/rules.ts';

it.each([
  ['24.12.', '2026-12-26', 'from'],
  ['2026-02-30', '2026-12-26', 'from'],
  ['2026-12-24', '2026-12-23', 'until'],
  ['2026-01-01', '2026-01-02', 'until'],
  ['2026-12-01', '2027-03-03', 'until'],
  ['2030-12-24', '2030-12-24', 'from'],
])('a team that would be closed from %s to %s hears why not, at the field', (from, until, field) => {
  expect(() => checkClosing({ from, until, name: 'x' }, '2026-11-23')).toThrow(
    expect.objectContaining({ field }) as Error,
  );
});

it('a team may be closed from a past day on, for a quarter at most', () => {
  expect(() => checkClosing({ from: '2026-11-20', until: '2026-11-23', name: 'x' }, '2026-11-23')).not.toThrow();
  expect(() => checkClosing({ from: '2026-12-01', until: '2027-03-02', name: 'x' }, '2026-11-23')).not.toThrow();
});
