import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { datesOf } from '../../src/time/recurrence.ts';
import { nextOccurrences, occurrencesFrom, type Schedule } from '../../src/time/schedule.ts';
import { instantOf, localAt } from '../../src/time/wall-clock.ts';
import { fromRrule } from './rrule.ts';

const Rule = z
  .strictObject({
    rrule: z.string(),
    start: z.string(),
    time: z.string(),
    tz: z.string(),
    exdates: z.array(z.string()).optional(),
  })
  .transform(({ rrule, start, exdates, time, tz }): Schedule => {
    return { recurrence: fromRrule(rrule, start, exdates), time, zone: tz };
  });

const described = { id: z.string(), group: z.string(), title: z.string(), note: z.string().optional() };

const Occurrences = z.strictObject({
  ...described,
  kind: z.literal('occurrences'),
  schedule: Rule,
  range: z.strictObject({ from: z.string(), to: z.string() }),
  expected: z.array(
    z.union([
      z.strictObject({ date: z.string(), skip: z.string() }),
      z.strictObject({ date: z.string(), utc: z.string(), local: z.string(), kind: z.string().optional() }),
    ]),
  ),
  minTzdb: z.string().optional(),
});

const Policy = z.strictObject({
  ...described,
  kind: z.literal('policy'),
  given: z.record(z.string(), z.unknown()),
  events: z.array(z.record(z.string(), z.unknown())),
  expected: z.record(z.string(), z.unknown()),
  instants: z.array(z.strictObject({ local: z.string(), tz: z.string(), utc: z.string() })).min(1),
  minTzdb: z.string().optional(),
});
type Policy = z.infer<typeof Policy>;

const Cases = z.object({ cases: z.array(z.discriminatedUnion('kind', [Occurrences, Policy])) });

export const { cases } = Cases.parse(
  JSON.parse(readFileSync(new URL('../fixtures/schedule-cases.json', import.meta.url), 'utf8')),
);

/** What is off in a case; nothing when all is as expected. */
export function differences(each: (typeof cases)[number]): string[] {
  if (each.kind === 'policy') return policies.flatMap((policy) => policy(each));
  const { schedule, range, expected } = each;
  const found = [...within(datesOf(schedule.recurrence, range.from), (date) => date <= range.to)];
  return unlike(
    'occurrences',
    found.map((date) => shown(date, schedule)),
    expected.map((item) => ('skip' in item ? { date: item.date } : { kind: undefined, ...item })),
  );
}

function shown(date: string, { time, zone }: Schedule) {
  const found = instantOf(date, time, zone);
  if (found === undefined) return { date };
  return { date, utc: utc(found.instant), local: local(found.instant, zone), kind: found.kind };
}

const utc = (instant: Date) => instant.toISOString().replace('.000Z', 'Z');

function local(instant: Date, zone: string): string {
  const { date, time, offset } = localAt(instant, zone);
  return `${date}T${time}${offset}`;
}

function at(localTime: string, zone: string): Date | undefined {
  return instantOf(localTime.slice(0, 10), localTime.slice(11), zone)?.instant;
}

function unlike(what: string, found: unknown, expected: unknown): string[] {
  return isDeepStrictEqual(found, expected)
    ? []
    : [`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`];
}

function* within<Item>(items: Iterable<Item>, isIn: (item: Item) => boolean): Generator<Item> {
  for (const item of items) {
    if (!isIn(item)) return;
    yield item;
  }
}

/** Asks only what a case of this form answers. */
function when<Input>(form: z.ZodType<Input>, ask: (input: Input) => string[]): (each: Policy) => string[] {
  return (each) => {
    const fits = form.safeParse(each);
    return fits.success ? ask(fits.data) : [];
  };
}

const Due = z.object({ nominalDate: z.string(), dueUtc: z.string().optional() });

/** What follows from the calendar and the clock alone. What is done about it belongs to whoever keeps the schedule. */
const policies: readonly ((each: Policy) => string[])[] = [
  ({ instants }) => instants.flatMap((each) => unlike(each.local, utcAt(each.local, each.tz), each.utc)),

  when(
    z.object({
      given: z.object({ nominalDate: z.string(), time: z.string(), memberZones: z.array(z.string()) }),
      expected: z.object({ prompts: z.array(z.string()), spanHours: z.number() }),
    }),
    ({ given, expected }) => {
      const found = given.memberZones.map((zone) => utcAt(`${given.nominalDate}T${given.time}`, zone));
      const times = found.map((prompt) => Date.parse(prompt ?? ''));
      return [
        ...unlike('prompts', found, expected.prompts),
        ...unlike('span', (Math.max(...times) - Math.min(...times)) / 3_600_000, expected.spanHours),
      ];
    },
  ),

  when(
    z.object({
      given: z.object({ schedule: Rule }),
      expected: z.object({ fired: z.array(Due).optional(), recorded: z.array(Due).optional() }),
    }),
    ({ given: { schedule }, expected: { fired = [], recorded = [] } }) =>
      [...fired, ...recorded].flatMap(({ nominalDate, dueUtc }) => {
        const [found] = datesOf(schedule.recurrence, nominalDate);
        const due = utcAt(`${nominalDate}T${schedule.time}`, schedule.zone);
        return unlike('due', [found, due], [nominalDate, dueUtc ?? due]);
      }),
  ),

  when(
    z.object({
      given: z.object({ schedule: Rule }),
      events: z.array(z.object({ at: z.string(), time: z.string().optional(), tz: z.string().optional() })).min(1),
      expected: z.object({
        next: z.object({ nominalDate: z.string(), utc: z.string() }),
        today: z.object({ nominalDate: z.string() }).optional(),
        lastOpened: z.object({ nominalDate: z.string() }).optional(),
      }),
    }),
    ({ given: { schedule }, events, expected: { next, today, lastOpened } }) => {
      const edited = events.reduce(
        (rule, { time, tz }) => ({ ...rule, time: time ?? rule.time, zone: tz ?? rule.zone }),
        schedule,
      );
      const opened = (today ?? lastOpened)?.nominalDate ?? '';
      const found = nextOccurrences(edited, new Date(events.at(-1)?.at ?? ''), 3).find(({ date }) => date > opened);
      return unlike('next', found && { nominalDate: found.date, utc: utc(found.instant) }, next);
    },
  ),

  when(
    z.object({
      given: z.object({ schedule: Rule, nominalDate: z.string() }),
      expected: z.object({
        yesterdayMeans: z.string(),
        factsWindow: z.strictObject({ fromUtc: z.string(), toUtc: z.string() }),
      }),
    }),
    ({ given: { schedule, nominalDate }, expected }) => {
      const start = new Date(`${schedule.recurrence.start}T00:00Z`);
      const until = [...within(occurrencesFrom(schedule, start), ({ date }) => date <= nominalDate)].slice(-2);
      const [fromUtc, toUtc] = until.map(({ instant }) => utc(instant));
      return [
        ...unlike('yesterday', until[0]?.date, expected.yesterdayMeans),
        ...unlike('facts', { fromUtc, toUtc }, expected.factsWindow),
      ];
    },
  ),

  when(
    z.object({
      given: z.strictObject({ open: z.string(), close: z.string(), tz: z.string() }),
      expected: z.record(z.string(), z.number()),
    }),
    ({ given: { open, close, tz }, expected }) =>
      Object.entries(expected).flatMap(([date, hours]) => {
        const [from, to] = [open, close].map((time) => at(`${date}T${time}`, tz)?.getTime() ?? NaN);
        return unlike(date, ((to ?? NaN) - (from ?? NaN)) / 3_600_000, hours);
      }),
  ),

  when(
    z.object({
      given: z.object({
        prompt: z.strictObject({ date: z.string(), time: z.string(), tz: z.string() }),
        reminderAfterMinutes: z.number(),
      }),
      expected: z.strictObject({ promptUtc: z.string(), reminderUtc: z.string(), reminderLocal: z.string() }),
    }),
    ({ given: { prompt, reminderAfterMinutes }, expected }) => {
      const prompted = at(`${prompt.date}T${prompt.time}`, prompt.tz);
      if (prompted === undefined) return ['no prompt'];
      const reminder = new Date(prompted.getTime() + reminderAfterMinutes * 60_000);
      return unlike(
        'reminder',
        { promptUtc: utc(prompted), reminderUtc: utc(reminder), reminderLocal: local(reminder, prompt.tz) },
        expected,
      );
    },
  ),
];

function utcAt(localTime: string, zone: string): string | undefined {
  const instant = at(localTime, zone);
  return instant && utc(instant);
}
