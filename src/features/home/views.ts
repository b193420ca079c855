import type { HomeView, KnownBlock } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, divider, footnote, header, type Message, message, section } from '../../slack/blocks.ts';
import { clip, limits } from '../../slack/limits.ts';
import { channelLink, join, lines, md, type Mrkdwn, person, plural, when } from '../../slack/mrkdwn.ts';
import type { OpenBlocker } from '../blockers/listing/queries.ts';
import { waitingLine } from '../blockers/listing/views.ts';
import { dateWords } from '../../time/date-words.ts';
import { localAt } from '../../time/wall-clock.ts';
import type { Dataset } from '../datasets/schema.ts';
import type { Handover } from '../handovers/schema.ts';
import type { Model } from '../models/schema.ts';
import type { Waiting as Standup } from '../standups/queries.ts';
import { isAtWork } from '../teams/rules.ts';
import type { Here, MyModel, Page, Today, Waiting } from './queries.ts';

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

export interface HomeContent {
  readonly who: string;
  readonly waiting: Waiting;
  /** What somebody waits for this person with. */
  readonly blocked: readonly OpenBlocker[];
  /** Data in trouble that calls this person, or that they took. */
  readonly troubles: readonly Dataset[];
  /** Runs of rituals that this person may answer, and the next ones. */
  readonly standups: readonly Standup[];
  /** Models that this person is asked to own. */
  readonly offers: readonly { readonly handover: Handover; readonly model: Model }[];
  /** Models of theirs that nobody confirmed for long. */
  readonly unconfirmed: number;
  readonly gaps: readonly TeamGaps[];
  readonly now: Date;
  readonly models: Page;
  readonly goals: readonly TeamGoals[];
  readonly today: readonly Today[];
}

export const modelsOnPage = 10;
const mostShown = 5;

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

/** The day of each team: when it works, who is away, what went live, what gave an early warning. */
function todayOf({ today, standups, now }: HomeContent): KnownBlock[] {
  if (today.length === 0) {
    return [
      divider(),
      section(
        md`:wave: You are in no team yet. \`/ml team new\` makes one, then \`/ml model register\` adds its first model.`,
      ),
    ];
  }
  return [divider(), header('Today'), ...today.map((each) => section(dayOf(each, now))), ...rhythmOf(standups)];
}

const mostRituals = 5;

/** What the rhythm of one's teams asks next; whatever is asked now stands above. */
function rhythmOf(standups: readonly Standup[]): KnownBlock[] {
  const rows = standups
    .filter(({ run, prompt }) => run.state === 'planned' || prompt?.state === 'answered')
    .slice(0, mostRituals)
    .map(({ ritual, run, prompt }) => {
      const what = md`*${ritual.name}*, ${dateWords(run.date, run.date)}`;
      if (prompt?.state === 'answered')
        return md`:white_check_mark: ${what}: you answered. The digest comes at the latest ${when(run.digestAt)}.`;
      const time = ritual.clock === 'team' ? when(run.opensAt) : md`${ritual.time} on your clock`;
      return md`:date: ${what}: asks you ${time}. \`/ml standup\` answers it early.`;
    });
  return rows.length > 0 ? [section(join(rows, '\n'))] : [];
}

function dayOf({ team, away, closed, warnings, moves }: Today, now: Date): Mrkdwn {
  const { name, hoursFrom, hoursTo, zone } = team;
  const gone = away
    .slice(0, 8)
    .map(({ personId, until, holiday }) =>
      holiday === null ? md`${person(personId)} until ${until}` : md`${person(personId)} today (${holiday})`,
    );
  const more = away.length - gone.length;
  const today = localAt(now, zone).date;
  const isClosed = closed.some(({ date }) => date === today);
  return lines(
    md`*${name}* works from ${hoursFrom} to ${hoursTo} (${zone})${isAtWork(team, now) && !isClosed ? md`, now` : md`, not now`}.`,
    closed.length > 0 &&
      md`:date: Closed ${closed.map(({ date, name: why }) => `${date === today ? 'today' : `on ${dateWords(date, today)}`} (${why})`).join(', ')}.`,
    gone.length > 0 && md`:palm_tree: Away: ${join(gone, ', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    ...moves
      .slice(0, 3)
      .map(({ model, version, at }) => md`:package: Version ${version} of ${model} went live ${when(at)}.`),
    warnings > 0 && md`:warning: ${plural(warnings, 'early warning')}; \`/ml drift\` lists them.`,
  );
}

function waits({ waiting, blocked, standups, troubles, offers, unconfirmed, now }: HomeContent): KnownBlock[] {
  const { requests, alerts, incidents } = waiting;
  const rows = [
    ...shown(requests, 'requests', ({ request, model }) =>
      section(
        md`:raised_hand: *${request.kind === 'rollback' ? 'Rollback' : 'Promotion'} ${request.number} of ${model.name}* to version ${request.toVersion} needs your decision until ${when(request.expiresAt)}. ${person(request.requestedBy)} asked for it in ${channelLink(model.channel)}.`,
      ),
    ),
    ...shown(incidents, 'incidents', ({ incident, model, commander }) => ({
      ...section(
        md`:rotating_light: *Incident ${incident.number}, ${model.name}*: ${incident.title}. ${commander ? md`You lead it` : md`It needs somebody to lead it`}${incident.channel ? md`, in ${channelLink(incident.channel)}` : ''}.`,
      ),
      ...(!commander && {
        accessory: button('Take command', actions.takeCommand, { incidentId: incident.id }),
      }),
    })),
    ...shown(alerts, 'drift alerts', ({ alert, model }) => ({
      ...section(
        alert.state === 'open'
          ? md`:red_circle: *Drift alert ${alert.number}, ${model.name}*: nobody is on it since ${when(alert.raisedAt)}. It stands in ${channelLink(model.channel)}.`
          : md`:eyes: *Drift alert ${alert.number}, ${model.name}*: you are on it. It stands in ${channelLink(model.channel)}.`,
      ),
      ...(alert.state === 'open' && {
        accessory: button('Acknowledge', actions.acknowledgeAlert, { alertId: alert.id }),
      }),
    })),
    ...shown(
      standups.filter(({ run, prompt }) => run.state === 'open' && isAsked(prompt)),
      'standups',
      ({ ritual, run }) => ({
        ...section(
          md`:speech_balloon: *${ritual.name}*, ${dateWords(run.date, run.date)}: how does it go? Until ${when(run.digestAt)}.`,
        ),
        accessory: button('Answer', actions.answerStandup, { ritualId: run.ritualId, date: run.date }),
      }),
    ),
    ...shown(blocked, 'blockers', (row) => ({
      ...section(waitingLine(row, now)),
      accessory:
        row.asking === null
          ? button('Take it', actions.takeBlocker, { blockerId: row.id })
          : button('Answer', actions.answerBlocker, { blockerId: row.id, question: row.asking }),
    })),
    ...shown(troubles, 'data sets in trouble', ({ id, name, problems, takenBy, toldIn }) => ({
      ...section(
        md`:card_file_box: *Data, ${name}*: ${clip(problems.map(({ words }) => words).join('; '), 500)}. ${takenBy ? 'You are on it' : 'Nobody is on it'}. It stands in ${channelLink(toldIn ?? '')}.`,
      ),
      accessory: button('What eats it', actions.showDataset, { datasetId: id }),
    })),
    ...shown(offers, 'offers', ({ handover, model }) => ({
      ...section(
        md`:handshake: *${model.name}* needs an owner: ${person(handover.fromId)} ${handover.reason === 'transfer' ? 'asks you to take it over' : 'is no longer in its team, and you are asked'}.`,
      ),
      accessory: button('Accept', actions.acceptHandover, { handoverId: handover.id }),
    })),
    ...(unconfirmed > 0
      ? [
          {
            ...section(
              md`:hourglass_flowing_sand: ${plural(unconfirmed, 'model')} of yours nobody confirmed for 90 days.`,
            ),
            accessory: button('All still true', actions.confirmModels, { asked: now.toISOString() }),
          },
        ]
      : []),
  ];
  return [
    header('Waits for you'),
    ...(rows.length > 0 ? rows : [section(md`:white_check_mark: Nothing waits for you.`)]),
  ];
}

/** Also whoever was not sent a message: at night, or because they came too late for one. */
const isAsked = (prompt: Standup['prompt']) =>
  prompt?.state === 'sent' || prompt?.state === 'home' || prompt?.state === 'unasked';

function shown<T>(list: readonly T[], what: string, row: (each: T) => KnownBlock): KnownBlock[] {
  const rows = list.slice(0, mostShown).map(row);
  return list.length > mostShown ? [...rows, footnote(md`There are more ${what} than these ${mostShown}.`)] : rows;
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

/** What `/ml` alone shows. */
export function menu({ models, alerts, incidents, model }: Here, here: boolean): Message {
  return message(
    md`What you can do here.`,
    section(
      md`*Pitcrew* – ${plural(models, 'model')}, ${plural(alerts, 'open drift alert')}, ${plural(incidents, 'open incident')}.`,
    ),
    buttons(
      button('Show drift alerts', actions.showAlerts, {}),
      ...(model ? [button(`Roll back ${model.name}`, actions.askForRollback, { modelId: model.id })] : []),
      ...(model ? [button('Metrics', actions.showMetrics, { modelId: model.id })] : []),
      ...(model ? [button('Declare incident', actions.declareIncident, { modelId: model.id })] : []),
    ),
    models === 0 &&
      section(
        md`:wave: It begins with a team: \`/ml team new\`. Then \`/ml model register\` adds a model, or \`/ml models import\` takes it from the registry.`,
      ),
    section(
      model
        ? md`*${model.name}* ${here ? 'is talked about here' : 'is yours'}; ${person(model.ownerId)} owns it. For another model: \`/ml rollback <model>\`, \`/ml metrics <model>\`, \`/ml incident declare <model>\`.`
        : md`No model is talked about in this channel, and you own none. \`/ml models\` lists all.`,
    ),
    footnote(md`\`/ml help\` says everything.`),
  );
}
