import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { closingDaysOf } from '../calendars/queries.ts';
import { holdersOf, holdersOfRole, teamMatrix } from '../duties/queries.ts';
import { modelById } from '../models/queries.ts';
import type { Model } from '../models/schema.ts';
import { membersOf, personById, teamById } from '../teams/queries.ts';
import { absencesOf, peopleAway } from '../teams/away/queries.ts';
import { type Role, type Team, works } from '../teams/schema.ts';
import { horizonDays, type WorkTime } from './clock.ts';
import { type Need, needOf } from './needs.ts';
import { asksOf, standingsOf, teamsOfPerson, teamWithRole } from './queries.ts';
import type { Route } from './rules.ts';
import type { Blocker } from './schema.ts';

type Asked = Pick<Blocker, 'need' | 'needTeamId' | 'teamId' | 'modelId' | 'raisedBy'>;

/** Whom it could go to now: people who are members here, not away today, and not who raised it. */
export async function routeOf(ctx: Context, asked: Asked): Promise<Route> {
  const need = needOf(asked.need);
  const team = await teamById(ctx, asked.needTeamId);
  const own = asked.teamId === team.id ? team : await teamById(ctx, asked.teamId);
  const model = await modelOf(ctx, asked);
  const deputy = need.kind === 'person' ? undefined : model?.deputyId;
  const wanted = {
    holders: await holders(ctx, need, team, model),
    deputies: deputy ? [deputy] : [],
    leads: [...new Set([team.leadId, own.leadId])],
  };
  const outsiders = need.kind === 'person' ? [need.person] : [];
  const there = await present(ctx, team, Object.values(wanted).flat(), [...outsiders, own.leadId]);
  const isFree = (id: string) => there.has(id) && id !== asked.raisedBy;
  return {
    holders: wanted.holders.filter(isFree),
    deputies: wanted.deputies.filter(isFree),
    leads: wanted.leads.filter(isFree),
  };
}

/** The model it blocks, where it is one of the team that is asked. */
async function modelOf(ctx: Context, { modelId, needTeamId }: Asked): Promise<Model | undefined> {
  const model = modelId === null ? undefined : await modelById(ctx, modelId);
  return model?.teamId === needTeamId && model.retiredAt === null ? model : undefined;
}

async function holders(ctx: Context, need: Need, team: Team, model: Model | undefined): Promise<readonly string[]> {
  const scope = { teamId: team.id, ...(model && { modelId: model.id }) };
  switch (need.kind) {
    case 'role':
      return await holdersOfRole(ctx, scope, need.role, ctx.now());
    case 'duty':
      return await holdersOf(ctx, scope, need.duty, ctx.now());
    case 'decision':
      return [model?.ownerId ?? team.leadId];
    case 'person':
      return [need.person];
  }
}

/** Of these, whoever is a member of this workspace, not away today, and still of the team or one of the others named. */
async function present(
  ctx: Context,
  team: Team,
  ids: readonly string[],
  others: readonly string[],
): Promise<ReadonlySet<string>> {
  const standings = await standingsOf(ctx, [...new Set(ids)]);
  const away = new Set(await peopleAway(ctx, [...standings.keys()]));
  const inside = new Set([team.leadId, ...others, ...(await membersOf(ctx, team.id)).map(({ personId }) => personId)]);
  return new Set(ids.filter((id) => standings.get(id) === 'member' && !away.has(id) && inside.has(id)));
}

const dayMs = 86_400_000;

/** When this person works for this team, whose closing days count as days away. */
export async function workTimeOf(
  ctx: Context,
  personId: string,
  { id, hoursFrom, hoursTo, workdays }: Pick<Team, 'id' | 'hoursFrom' | 'hoursTo' | 'workdays'>,
): Promise<WorkTime> {
  const { zone } = await personById(ctx, personId);
  const day = (days: number) => new Date(ctx.now().getTime() + days * dayMs).toISOString().slice(0, 10);
  const [from, until] = [day(-31), day(horizonDays)];
  const closed = (await closingDaysOf(ctx, [id], from, until)).get(id) ?? [];
  const away = [
    ...(await absencesOf(ctx, [personId], from, until)),
    ...closed.map(({ date }) => ({ from: date, until: date })),
  ];
  return { zone, hoursFrom, hoursTo, workdays, away };
}

/**
 * Around which team a need is looked for: the one that was named, else that of the data set or of the model, else the
 * asker's own. A role that nobody has there, and only one other team, is that team's.
 */
export async function needTeamFor(
  ctx: Context,
  need: Need,
  {
    named,
    nearest,
    own,
  }: { readonly named: string | undefined; readonly nearest: string | undefined; readonly own: string },
): Promise<string> {
  if (named !== undefined) return (await teamById(ctx, named)).id;
  const around = nearest ?? own;
  if (need.kind === 'decision') return around;
  if (need.kind === 'person') {
    const theirs = await teamsOfPerson(ctx, need.person);
    return theirs.find(({ id }) => id === around)?.id ?? theirs[0]?.id ?? around;
  }
  const cell = need.kind === 'duty' ? await cellOf(ctx, around, need.duty) : undefined;
  const wanted = cell ? cell.responsible.filter((role) => role !== 'owner') : need.kind === 'role' ? [need.role] : [];
  return (await teamWithRole(ctx, around, wanted)) ?? around;
}

async function cellOf(ctx: Context, teamId: string, duty: string) {
  return (await teamMatrix(ctx, teamId)).find(({ cell }) => cell.id === duty)?.cell;
}

/** Of what is needed, for figures that name nobody: a role, the owner of a decision, or none. */
export async function roleNeeded(ctx: Context, need: Need, teamId: string): Promise<string> {
  switch (need.kind) {
    case 'role':
      return need.role;
    case 'duty':
      return (await cellOf(ctx, teamId, need.duty))?.responsible[0] ?? 'none';
    case 'decision':
      return 'owner';
    case 'person':
      return await roleIn(ctx, teamId, need.person);
  }
}

/** The first role of a person in a team. */
export async function roleIn(ctx: Context, teamId: string, personId: string): Promise<Role | 'none'> {
  const member = (await membersOf(ctx, teamId)).find((each) => each.personId === personId);
  return member?.roles[0] ?? 'none';
}

/** Whoever acts on it for the team: works there, or leads it. */
async function isOf(ctx: Context, teamId: string, personId: string): Promise<boolean> {
  const { leadId } = await teamById(ctx, teamId);
  if (leadId === personId) return true;
  return (await membersOf(ctx, teamId)).some((each) => each.personId === personId && works(each.roles));
}

/** Somebody who can be asked at all. */
export async function checkPerson(ctx: Context, need: Need, asker: string): Promise<void> {
  if (need.kind !== 'person') return;
  if (need.person === asker)
    throw new Refusal('That is the person who is blocked. Choose somebody else.', { field: 'person' });
  const { standing, name } = await personById(ctx, need.person);
  if (standing !== 'member')
    throw new Refusal(`${name} is no member of this workspace, so I do not ask them. Choose somebody else.`, {
      field: 'person',
    });
}

/** Whoever was asked, or works for one of the two teams. */
export async function checkHand(ctx: Context, { id, needTeamId, teamId }: Blocker, by: string): Promise<void> {
  const { standing } = await personById(ctx, by);
  if (standing === 'member') {
    for (const each of [needTeamId, teamId]) if (await isOf(ctx, each, by)) return;
    if ((await asksOf(ctx, id)).some(({ personId }) => personId === by)) return;
  }
  const { name } = await teamById(ctx, needTeamId);
  throw new Refusal(`Only who was asked, and the people of ${name}, see to this. You can tell them, of course.`);
}
