import type { HomeView } from '@slack/types';
import { z } from 'zod';
import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onEvent, type Who } from '../../doors.ts';
import type { Message } from '../../slack/blocks.ts';
import { blockersWaitingFor } from '../blockers/listing/queries.ts';
import { troublesOf } from '../datasets/queries.ts';
import { coverageOfTeams } from '../duties/gaps/queries.ts';
import { goalsNow } from '../goals/queries.ts';
import { offeredTo } from '../handovers/queries.ts';
import { answerable } from '../standups/queries.ts';
import { myModels, type MyTeam, myTeams, standingHere, waitingFor } from './queries.ts';
import { todayOf } from './today/queries.ts';
import { homeView, modelsOnPage, type TeamGaps, type TeamGoals } from './views.ts';
import { menu } from './menu/views.ts';

const confirmMs = 90 * 86_400_000;

const opened = z.object({ user: z.string(), tab: z.string() });

export const home: Doors = {
  events: [
    onEvent('app_home_opened', opened, async (ctx, { user, tab }) =>
      tab === 'home' ? { home: await homeOf(ctx, { id: user }) } : undefined,
    ),
  ],
  actions: [onAction(actions.turnHomePage, async (ctx, who, { page }) => ({ home: await homeOf(ctx, who, page) }))],
};

/** The Home tab of one person, in one round of reads. */
export async function homeOf(ctx: Context, who: Who, page = 0): Promise<HomeView> {
  const now = ctx.now();
  const confirmedSince = new Date(now.getTime() - confirmMs);
  const [waiting, blocked, standups, troubles, offers, models, teams] = await Promise.all([
    waitingFor(ctx, who.id),
    blockersWaitingFor(ctx, who.id),
    answerable(ctx, who.id),
    troublesOf(ctx, who.id),
    offeredTo(ctx, who.id),
    myModels(ctx, who.id, { page, size: modelsOnPage, confirmedSince }),
    myTeams(ctx, who.id),
  ]);
  const [goals, gaps, today] = await Promise.all([goalsOf(ctx, teams), gapsOf(ctx, teams), todayOf(ctx, teams)]);
  return homeView({
    who: who.id,
    waiting,
    blocked,
    standups,
    troubles,
    offers,
    models,
    unconfirmed: models.unconfirmed,
    goals,
    gaps,
    today,
    now,
  });
}

/** Said to the people of the team, never in a channel. */
async function gapsOf(ctx: Context, teams: readonly MyTeam[]): Promise<TeamGaps[]> {
  const found = await coverageOfTeams(
    ctx,
    teams.map(({ id }) => id),
  );
  return found.map(({ team, gaps }) => ({
    teamId: team.id,
    team: team.name,
    open: new Set(gaps.filter(({ accepted }) => !accepted).map(({ duty }) => duty)).size,
  }));
}

async function goalsOf(ctx: Context, teams: readonly MyTeam[]): Promise<TeamGoals[]> {
  const all = await goalsNow(
    ctx,
    teams.flatMap(({ models }) => models.map(({ id }) => id)),
  );
  return teams.map((team: MyTeam) => {
    const name = new Map(team.models.map((model) => [model.id, model.name]));
    const own = all.filter(({ goal }) => name.has(goal.modelId));
    return {
      team: team.name,
      of: own.length,
      met: own.filter(({ stand }) => stand.state === 'met').length,
      missed: own
        .filter(({ stand }) => stand.state === 'missed')
        .map(({ goal }) => `${name.get(goal.modelId)}: ${goal.name}`),
    };
  });
}

/** What `/ml` alone shows, with the model of the channel one stands in first. */
export async function menuFor(ctx: Context, who: Who): Promise<Message> {
  const standing = await standingHere(ctx, who.id, who.channel);
  return menu(standing, standing.model?.channel === who.channel);
}
