import type { HomeView, KnownBlock } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, divider, footnote, header, section } from '../../slack/blocks.ts';
import { limits } from '../../slack/limits.ts';
import { channelLink, join, md, type Mrkdwn, plural } from '../../slack/mrkdwn.ts';
import type { MyModel, Page } from './queries.ts';
import { type Days, todayOf } from './today/views.ts';
import { type Waits, waits } from './waiting/views.ts';

/** How the goals of one team stand. */
export interface TeamGoals {
  readonly team: string;
  readonly met: number;
  readonly of: number;
  /** "churn-model: AUC", those off goal. */
  readonly missed: readonly string[];
}

/** What one team lacks. */
export interface TeamGaps {
  readonly teamId: string;
  readonly team: string;
  readonly open: number;
}

export interface HomeContent extends Waits, Days {
  readonly who: string;
  readonly models: Page;
  readonly goals: readonly TeamGoals[];
  readonly gaps: readonly TeamGaps[];
}

export const modelsOnPage = 10;

export function homeView(content: HomeContent): HomeView {
  const blocks = [
    ...waits(content),
    divider(),
    ...mine(content.who, content.models),
    ...todayOf(content),
    ...goalsOf(content.goals),
    ...gapsOf(content.gaps),
    divider(),
    buttons(button('Show drift alerts', actions.showAlerts, {}), button('Refresh', actions.turnHomePage, { page: 0 })),
    footnote(md`\`/ml\` works in every channel, \`/ml help\` says everything I can do.`),
  ];
  return { type: 'home', blocks: blocks.slice(0, limits.blocksInView) };
}

function mine(who: string, { rows, total, page }: Page): KnownBlock[] {
  if (total === 0) return [header('My models'), section(md`You own no model yet.`)];
  const pages = Math.ceil(total / modelsOnPage);
  return [
    header('My models'),
    ...rows.map((row) => ({
      ...section(modelRow(who, row)),
      accessory: button('Metrics', actions.showMetrics, { modelId: row.model.id }),
    })),
    ...(pages > 1
      ? [
          // A block of buttons holds an address once.
          ...(page > 0 ? [buttons(button('Earlier', actions.turnHomePage, { page: page - 1 }))] : []),
          ...(page < pages - 1 ? [buttons(button('More', actions.turnHomePage, { page: page + 1 }))] : []),
          footnote(md`Page ${page + 1} of ${pages}, ${plural(total, 'model')}.`),
        ]
      : []),
  ];
}

function modelRow(who: string, { model, alert, incident, liveVersion }: MyModel): Mrkdwn {
  const version = liveVersion ? md`version ${liveVersion} is live` : md`no version is known to be live`;
  return md`*${model.name}*, tier ${model.tier}, in ${channelLink(model.channel)} – you are the ${model.ownerId === who ? 'owner' : 'deputy'}\n${state(alert, incident)}, ${version}`;
}

function state(alert: number | null, incident: number | null): Mrkdwn {
  if (incident !== null) return md`:rotating_light: Incident ${incident}`;
  return alert === null ? md`:white_check_mark: Quiet` : md`:red_circle: Drift alert ${alert}`;
}

function goalsOf(teams: readonly TeamGoals[]): KnownBlock[] {
  if (teams.length === 0) return [];
  const rows = teams.map(({ team, met, of, missed }) => {
    if (of === 0) return md`*${team}*: no goal is set yet. \`/ml metrics add <model>\` sets one.`;
    const off =
      missed.length > 0
        ? md`\n:red_circle: Off goal: ${missed.slice(0, 8).join(', ')}${missed.length > 8 ? ` and ${missed.length - 8} more` : ''}`
        : '';
    return md`${met === of ? ':white_check_mark: ' : ''}*${team}*: ${met} of ${plural(of, 'goal')} met${off}`;
  });
  return [header('Goals of my teams'), section(join(rows, '\n'))];
}

function gapsOf(teams: readonly TeamGaps[]): KnownBlock[] {
  return teams
    .filter(({ open }) => open > 0)
    .map(({ teamId, team, open }) => ({
      ...section(
        md`:clipboard: *${team}* has gaps in ${plural(open, 'duty', 'duties')}: nobody, one person only, or open hours.`,
      ),
      accessory: button('Show what', actions.showCoverage, { teamId }),
    }));
}
