import { describe, expect, it } from 'vitest';
import { countries, countriesLike, regionsOf, suggested } from '../../../src/features/calendars/suggesting.ts';
import { daysFormFor } from '../../../src/features/calendars/forms.ts';
import { wholeDays } from '../../../src/features/calendars/rules.ts';
import { viewProblems } from '../../../src/local-slack/blocks/validate.ts';

describe('what is suggested', () => {
  it('is found by the first letters of a country, without its accents', async () => {
    expect((await countriesLike('turk')).map(({ code }) => code)).toContain('TR');
    expect(await countriesLike('GERM')).toEqual([{ code: 'DE', name: 'Germany' }]);
    expect(await countriesLike('Atlantis')).toEqual([]);
  });

  it('comes from a country, and from its regions where they have holidays of their own', async () => {
    expect((await countries()).find(({ code }) => code === 'DE')?.name).toBe('Germany');
    expect(await regionsOf('DE')).toContainEqual({ code: 'BE', name: 'Berlin' });
    expect(await regionsOf('SG')).toEqual([]);
    const names = async (code: string) => (await suggested({ code, year: 2026 })).map(({ name }) => name);
    expect(await names('DE-BE')).toContain("International Women's Day");
    expect(await names('DE')).not.toContain("International Women's Day");
    expect(await names('ZZ')).toEqual([]);
  });

  it('is the whole days only, each date once, and every date of what lasts for days', () => {
    const at = (date: string, hours: number, name = 'Eid') => ({ date, hours, name });
    expect(
      wholeDays(
        [
          at('2026-03-20 00:00:00 -0600', 72),
          at('2026-03-21 00:00:00', 24, 'Nowruz'),
          at('2026-12-24 14:00:00', 10, 'Christmas Eve'),
          at('2026-10-25 00:00:00', 25, 'Clock Day'),
          at('2026-12-31 00:00:00', 48, 'New Year'),
        ],
        2026,
      ),
    ).toEqual([
      { date: '2026-03-20', name: 'Eid' },
      { date: '2026-03-21', name: 'Eid, Nowruz' },
      { date: '2026-03-22', name: 'Eid' },
      { date: '2026-10-25', name: 'Clock Day' },
      { date: '2026-12-31', name: 'New Year' },
    ]);
  });
});

describe('the form of what is suggested', () => {
  const days = Array.from({ length: 33 }, (_, i) => ({
    date: `2026-${String(1 + Math.floor(i / 28)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`,
    name: `Day ${i + 1} ${'of a very long name'.repeat(4)}`.slice(0, 80),
  }));
  const place = { code: 'IR', name: 'Iran', year: 2026 };

  it.each([0, 1, 10, 11, 33])('of %d days is one that Slack takes, with ten boxes in a group at most', (many) => {
    const view = daysFormFor({}, { team: undefined, place, days: days.slice(0, many), confirmed: undefined });
    expect(viewProblems(view, ['modal'], () => true)).toEqual([]);
    expect(view.blocks.filter(({ type }) => type === 'input')).toHaveLength(Math.ceil(many / 10));
  });

  it('has those ticked that were confirmed, and all where nobody looked yet', () => {
    const ticked = (confirmed: ReadonlySet<string> | undefined) =>
      JSON.stringify(daysFormFor({}, { team: 'Fraud', place, days: days.slice(0, 2), confirmed }));
    expect(ticked(undefined).match(/"value":"2026-01-01/g)).toHaveLength(2);
    expect(ticked(new Set(['2026-01-02'])).match(/"value":"2026-01-01/g)).toHaveLength(1);
    expect(ticked(new Set())).not.toContain('initial_options');
  });
});
