import { readFileSync } from 'node:fs';
import { asc, eq } from 'drizzle-orm';
import { expect } from 'vitest';
import { z } from 'zod';
import { confirmForPerson } from '../../../src/features/calendars/store.ts';
import { askedOf } from '../../../src/features/rituals/asked.ts';
import { pauseOrResume, saveRitual } from '../../../src/features/rituals/changes.ts';
import { plan } from '../../../src/features/rituals/planning/changes.ts';
import { digestAt, dueAt, opensAt } from '../../../src/features/rituals/dates.ts';
import { followChanges, followPeople } from '../../../src/features/rituals/following/changes.ts';
import { openDue } from '../../../src/features/rituals/opening/changes.ts';
import { plannedRun, wholeRitual } from '../../../src/features/rituals/queries.ts';
import { missedBy } from '../../../src/features/rituals/rules.ts';
import { prompts, type Ritual, ritualRuns, rituals } from '../../../src/features/rituals/schema.ts';
import { reminderAt } from '../../../src/features/rituals/times.ts';
import { teamById } from '../../../src/features/teams/queries.ts';
import { people } from '../../../src/features/teams/schema.ts';
import { editTeam, joinTeam, keepPerson } from '../../../src/features/teams/store.ts';
import { type House, it } from '../../support/house.ts';
import { fromRrule } from '../../time/rrule.ts';

const Schedule = z.object({
  rrule: z.string(),
  start: z.string(),
  time: z.string(),
  tz: z.string(),
  exdates: z.array(z.string()).default([]),
});
const Event = z.looseObject({
  type: z.string(),
  at: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  time: z.string().optional(),
  tz: z.string().optional(),
});
const Run = z.object({
  nominalDate: z.string(),
  utc: z.string().optional(),
  firedUtc: z.string().optional(),
  openedUtc: z.string().optional(),
});
const Case = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  given: z
    .object({
      schedule: Schedule,
      nominalDate: z.string(),
      nominalDates: z.array(z.string()),
      time: z.string(),
      mode: z.string(),
      closeUtc: z.string(),
      memberZones: z.array(z.string()),
      digest: z.object({ time: z.string(), tz: z.string() }),
      members: z.array(z.object({ id: z.string(), tz: z.string(), holidayCalendar: z.string() })),
      prompt: z.object({ date: z.string(), time: z.string(), tz: z.string() }),
      reminderAfterMinutes: z.number(),
      open: z.string(),
      close: z.string(),
      tz: z.string(),
    })
    .partial()
    .default({}),
  events: z.array(Event).default([]),
  expected: z
    .looseObject({
      fired: z.array(Run),
      recorded: z.array(Run),
      next: Run,
      today: Run,
      lastOpened: Run,
      suppressed: Run,
      runsCreated: z.number(),
      prompts: z.union([z.number(), z.array(z.string())]),
    })
    .partial()
    .default({}),
});
type Case = z.infer<typeof Case>;
const { cases } = z
  .object({ cases: z.array(z.looseObject({ kind: z.string() })) })
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/schedule-cases.json', import.meta.url), 'utf8')));
const policies = cases.filter(({ kind }) => kind === 'policy').map((each) => Case.parse(each));

const utc = (at: Date | null | undefined) => at?.toISOString().replace('.000Z', 'Z');
const set = (house: House, at: string | Date) => house.later((new Date(at).getTime() - house.now().getTime()) / 60_000);

/** A ritual of the house's team, kept by a schedule of the cases, planned a day and a half before anything happens. */
async function ritualBy(
  house: House,
  {
    recurrence,
    time,
    zone,
    clock = 'team',
  }: { recurrence: Ritual['recurrence']; time: string; zone: string; clock?: 'team' | 'person' },
  before: string,
): Promise<Ritual> {
  const { teamId } = await house.team();
  set(house, new Date(Date.parse(before) - 36 * 3_600_000));
  const team = await teamById(house.ctx, teamId);
  await editTeam(house.ctx, teamId, team.revision, { ...team, zone }, 'LEAD');
  const [made] = await house.ctx.db
    .insert(rituals)
    .values({
      workspace: 'T1',
      teamId,
      kind: 'standup',
      name: 'Standup',
      channel: 'C1',
      recurrence,
      time,
      zone: null,
      clock,
      whenClosed: 'skip',
      digestTime: '23:59',
      digestDays: 1,
      createdBy: 'LEAD',
    })
    .returning();
  if (!made) throw new Error('no ritual');
  await house.visit(async (ctx) => plan(ctx, await wholeRitual(ctx, made.id)));
  return made;
}

const runsOf = (house: House, ritual: Ritual) =>
  house.ctx.db.select().from(ritualRuns).where(eq(ritualRuns.ritualId, ritual.id)).orderBy(asc(ritualRuns.date));
const promptsOf = (house: House, ritual: Ritual) =>
  house.ctx.db.select().from(prompts).where(eq(prompts.ritualId, ritual.id)).orderBy(asc(prompts.dueAt));

/** The clock goes on, and whatever comes due on the way is done. */
async function awake(house: House, ritual: Ritual, until: string): Promise<void> {
  for (;;) {
    const planned = await plannedRun(house.ctx, ritual.id);
    if (!planned || planned.opensAt > new Date(until)) break;
    if (planned.opensAt > house.now()) set(house, planned.opensAt);
    if (!(await openDue(house.ctx))) break;
  }
  set(house, until);
}

async function happens(
  house: House,
  ritual: Ritual,
  { type, at = '', from = '', to = '', time, tz }: z.infer<typeof Event>,
): Promise<void> {
  if (type === 'down') {
    await awake(house, ritual, from);
    set(house, to);
    while (await openDue(house.ctx));
    return;
  }
  if (type === 'tick') {
    // The clock of a machine may step back; what was done stays done.
    if (new Date(at) >= house.now()) await awake(house, ritual, at);
    else set(house, at);
    await openDue(house.ctx);
    return;
  }
  if (at) await awake(house, ritual, at);
  if (type === 'pause' || type === 'resume') await pauseOrResume(house.ctx, ritual.id, type, 'LEAD');
  if (type === 'edit' && time !== undefined) {
    const now = await wholeRitual(house.ctx, ritual.id);
    await saveRitual(house.ctx, { ...askedOf(now.ritual), time }, 'LEAD');
  }
  if (type === 'edit' && tz !== undefined) {
    const team = await teamById(house.ctx, ritual.teamId);
    await editTeam(house.ctx, team.id, team.revision, { ...team, zone: tz }, 'LEAD');
    while (await followChanges(house.ctx));
  }
}

const scheduled = policies.filter(({ given, events }) => given.schedule && events.length > 0);

it.for(scheduled.map((each) => [each.id, each] as const))('%s', async ([, { given, events, expected }], { house }) => {
  const { rrule, start, exdates, time, tz } = given.schedule ?? Schedule.parse({});
  const first = events[0]?.at ?? events[0]?.from ?? '';
  const ritual = await ritualBy(house, { recurrence: fromRrule(rrule, start, exdates), time, zone: tz }, first);
  for (const event of events) await happens(house, ritual, event);
  const runs = await runsOf(house, ritual);
  const on = (date: string | undefined) => runs.find((run) => run.date === date);
  for (const { nominalDate, firedUtc } of expected.fired ?? [])
    expect([on(nominalDate)?.state, utc(on(nominalDate)?.openedAt)]).toEqual(['open', firedUtc]);
  if (expected.fired?.length === 0)
    expect(runs.filter(({ openedAt }) => openedAt && openedAt >= new Date(first))).toEqual([]);
  for (const { nominalDate } of expected.recorded ?? []) expect(on(nominalDate)?.state).toBe('missed');
  const { today, lastOpened, next, suppressed, runsCreated } = expected;
  if (today?.openedUtc) expect(utc(on(today.nominalDate)?.openedAt)).toBe(today.openedUtc);
  if (today?.utc) expect(utc(on(today.nominalDate)?.opensAt)).toBe(today.utc);
  if (lastOpened) expect(utc(on(lastOpened.nominalDate)?.openedAt)).toBe(lastOpened.utc);
  if (suppressed) expect(runs.filter(({ opensAt: at }) => utc(at) === suppressed.utc)).toEqual([]);
  if (runsCreated !== undefined)
    expect(
      runs.filter(({ openedAt }) => openedAt && openedAt.getTime() >= Date.parse(first) - 12 * 3_600_000),
    ).toHaveLength(runsCreated);
  if (next) {
    // What keeps its old hour today comes first; then the next one is by the new rule.
    if (today?.utc) await awake(house, ritual, today.utc);
    const planned = await plannedRun(house.ctx, ritual.id);
    expect([planned?.date, utc(planned?.opensAt)]).toEqual([next.nominalDate, next.utc]);
  }
});

const daily = { rhythm: { every: 'day' as const, interval: 1 }, start: '2026-01-01', except: [] };

/** People in zones, each asked at the hour of the ritual where they are. */
async function acrossZones(house: House, zones: readonly string[], date: string, time: string): Promise<Ritual> {
  const ritual = await ritualBy(
    house,
    { recurrence: { ...daily, start: date }, time, zone: zones[0] ?? 'UTC', clock: 'person' },
    `${date}T00:00:00Z`,
  );
  await house.ctx.db.update(people).set({ zone: zones[0] ?? 'UTC' });
  for (const [i, zone] of zones.entries()) {
    await keepPerson(house.ctx, { id: `Z${i}X`, name: `Person ${i}`, zone, standing: 'member' });
    await joinTeam(house.ctx, ritual.teamId, `Z${i}X`, ['ds']);
  }
  return ritual;
}

it.for(policies.filter(({ given }) => given.memberZones && given.nominalDate).map((each) => [each.id, each] as const))(
  '%s',
  async ([, { given, expected }], { house }) => {
    const zones = given.memberZones ?? [];
    const ritual = await acrossZones(house, zones, given.nominalDate ?? '', given.time ?? '09:00');
    await awake(
      house,
      ritual,
      new Date(opensAt({ clock: 'person', time: '09:00', zone: 'UTC' }, given.nominalDate ?? '') ?? 0).toISOString(),
    );
    const asked = await promptsOf(house, ritual);
    const found = zones.map((_, i) => utc(asked.find(({ personId }) => personId === `Z${i}X`)?.dueAt));
    expect(found).toEqual(expected.prompts);
  },
);

it.for(policies.filter(({ given }) => given.nominalDates).map((each) => [each.id, each] as const))(
  '%s',
  ([, { expected }]) => {
    const order = z.array(z.string()).parse(expected['order']);
    const due = order.map((each) => {
      const [date = '', zone = ''] = each.split(' ');
      return dueAt({ clock: 'person', time: '09:00', zone: 'UTC' }, date, { zone })?.at.getTime() ?? 0;
    });
    expect(due).toEqual(due.toSorted((a, b) => a - b));
  },
);

it.for(policies.filter(({ given }) => given.digest).map((each) => [each.id, each] as const))(
  '%s',
  ([, { given, events, expected }]) => {
    const { time = '', tz = '' } = given.digest ?? {};
    const rule = {
      recurrence: daily,
      time: '09:00',
      zone: tz,
      clock: 'person' as const,
      whenClosed: 'skip' as const,
      digestTime: time,
      digestDays: 0,
      workdays: [1, 2, 3, 4, 5],
      closed: new Set<string>(),
    };
    const date = z.string().parse(events[0]?.['nominalDate']);
    expect(utc(digestAt(rule, date))).toBe(expected['digestUtc']);
    expect(
      missedBy(
        rule,
        date,
        (given.memberZones ?? []).map((zone) => ({ name: zone, zone })),
      ),
    ).toEqual(expected['warnFor']);
  },
);

it.for(
  policies
    .filter(({ given }) => given.mode === 'user-local' && !given.memberZones)
    .map((each) => [each.id, each] as const),
)('%s', async ([, { given, events, expected }], { house }) => {
  const date = given.nominalDate ?? '';
  const start =
    z
      .string()
      .optional()
      .parse(events.find(({ type }) => type === 'prompted')?.tz) ??
    (expected['reason'] ? 'America/Los_Angeles' : 'America/New_York');
  const ritual = await acrossZones(house, [start], date, given.time ?? '');
  await awake(house, ritual, new Date(opensAt({ clock: 'person', time: '', zone: '' }, date) ?? 0).toISOString());
  const mine = async () =>
    (await promptsOf(house, ritual)).find(({ personId, date: of }) => personId === 'Z0X' && of === date);
  for (const { type, at = '', tz = '' } of events) {
    set(house, at);
    if (type === 'prompted')
      await house.ctx.db.update(prompts).set({ state: 'sent' }).where(eq(prompts.personId, 'Z0X'));
    if (type === 'user_change')
      await keepPerson(house.ctx, { id: 'Z0X', name: 'Person 0', zone: tz, standing: 'member' });
    await followPeople(house.ctx);
  }
  const prompt = await mine();
  expect(
    (await promptsOf(house, ritual)).filter(({ personId, date: of }) => personId === 'Z0X' && of === date),
  ).toHaveLength(1);
  // At 22:00 of their evening it stands on the Home tab only.
  if (expected['reason']) expect([prompt?.state, utc(prompt?.sendAt)]).toEqual(['home', expected['promptUtc']]);
  else if (expected['promptUtc'])
    expect([prompt?.state, utc(prompt?.dueAt)]).toEqual(['waiting', expected['promptUtc']]);
  else expect(prompt?.state).toBe('sent');
  if (!expected.next) return;
  await awake(house, ritual, `${expected.next.nominalDate}T00:00:00Z`);
  const next = (await promptsOf(house, ritual)).find(
    ({ personId, date: of }) => personId === 'Z0X' && of === expected.next?.nominalDate,
  );
  expect(utc(next?.dueAt)).toBe(expected.next.utc);
});

it.for(policies.filter(({ given }) => given.members).map((each) => [each.id, each] as const))(
  '%s',
  async ([, { given, expected }], { house }) => {
    const date = given.nominalDate ?? '';
    const members = given.members ?? [];
    const ritual = await acrossZones(house, [], date, '09:00');
    for (const { id, tz } of members) {
      await keepPerson(house.ctx, { id, name: id, zone: tz, standing: 'member' });
      await joinTeam(house.ctx, ritual.teamId, id, ['ds']);
    }
    for (const id of z.array(z.string()).parse(expected['away']))
      await confirmForPerson(house.ctx, id, { code: 'IN', name: 'India', year: Number(date.slice(0, 4)) }, [
        { date, name: 'Republic Day' },
      ]);
    await awake(house, ritual, new Date(opensAt({ clock: 'person', time: '', zone: '' }, date) ?? 0).toISOString());
    const asked = (await promptsOf(house, ritual)).filter(({ personId }) => members.some(({ id }) => id === personId));
    expect(asked.filter(({ state }) => state === 'away').map(({ personId }) => personId)).toEqual(expected['away']);
    const there = asked.filter(({ state }) => state === 'waiting');
    expect(there.map(({ personId }) => personId)).toEqual(expected['prompted']);
    expect(there).toHaveLength(z.number().parse(expected['expectedResponders']));
    expect(utc(there[0]?.dueAt)).toBe(expected['promptUtc']);
  },
);

it.for(policies.filter(({ given }) => given.prompt).map((each) => [each.id, each] as const))(
  '%s',
  ([, { given, expected }]) => {
    const { date = '', time = '', tz = '' } = given.prompt ?? {};
    const sent = dueAt({ clock: 'team', time, zone: tz }, date, { zone: tz })?.at ?? new Date(0);
    expect(utc(sent)).toBe(expected['promptUtc']);
    expect(given.reminderAfterMinutes).toBe(60);
    expect(utc(reminderAt(0, 'once', sent, new Date(sent.getTime() + 86_400_000)))).toBe(expected['reminderUtc']);
  },
);

it.for(policies.filter(({ given }) => given.open).map((each) => [each.id, each] as const))(
  '%s',
  ([, { given, expected }]) => {
    const { open = '', close = '', tz = '' } = given;
    for (const [date, hours] of Object.entries(expected)) {
      const opens = opensAt({ clock: 'team', time: open, zone: tz }, date)?.getTime() ?? 0;
      const closes = digestAt({ digestTime: close, digestDays: 0, zone: tz }, date).getTime();
      expect([date, (closes - opens) / 3_600_000]).toEqual([date, hours]);
    }
  },
);

it.for(
  policies.filter(({ given, events }) => given.schedule && events.length === 0).map((each) => [each.id, each] as const),
)('%s', async ([, { given, expected }], { house }) => {
  const { rrule, start, exdates, time, tz } = given.schedule ?? Schedule.parse({});
  const window = z.object({ fromUtc: z.string(), toUtc: z.string() }).parse(expected['factsWindow']);
  const ritual = await ritualBy(
    house,
    { recurrence: fromRrule(rrule, start, exdates), time, zone: tz },
    window.fromUtc,
  );
  await awake(house, ritual, window.toUtc);
  const now = (await promptsOf(house, ritual)).filter(({ date }) => date === given.nominalDate);
  expect(now.length).toBeGreaterThan(0);
  expect(new Set(now.map(({ since, dueAt: due }) => [utc(since), utc(due)].join()))).toEqual(
    new Set([[window.fromUtc, window.toUtc].join()]),
  );
});

it('every policy of the cases is looked at here', () => {
  const seen = policies.filter(
    ({ given }) =>
      given.schedule ??
      given.memberZones ??
      given.nominalDates ??
      given.digest ??
      given.mode ??
      given.members ??
      given.prompt ??
      given.open,
  );
  expect(seen).toHaveLength(policies.length);
});
