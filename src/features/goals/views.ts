import type { KnownBlock, ModalView, SectionBlock } from '@slack/types';
import { actions } from '../../actions.ts';
import type { Drawing, SeriesDrawing } from '../../messages/schema.ts';
import { button } from '../../slack/address.ts';
import {
  asModal,
  buttons,
  divider,
  footnote,
  header,
  type Message,
  message,
  picture,
  section,
} from '../../slack/blocks.ts';
import { figure, join, lines, md, type Mrkdwn, person, plural, when } from '../../slack/mrkdwn.ts';
import { sparkline } from '../../slack/sparkline.ts';
import type { Model } from '../models/schema.ts';
import type { GoalNow } from './queries.ts';
import type { Stand } from './rules.ts';
import type { Agreement, Goal } from './schema.ts';
import { inUnit, kindWords, targetWords } from './words.ts';

/** What stands in the model's channel once a goal was set. */
export function goalCard(goal: Goal, model: Model, agreed: readonly Agreement[]): Message {
  const wording = md`*${goal.name}* of *${model.name}*: ${targetWords(goal)}`;
  if (goal.retiredAt)
    return message(
      md`The goal ${goal.name} of ${model.name} was taken back.`,
      section(md`:heavy_minus_sign: ${wording}`),
      footnote(md`Taken back ${when(goal.retiredAt)}. Its readings are kept.`),
    );
  return message(
    md`${person(goal.setBy)} set a goal for ${model.name}: ${goal.name} ${targetWords(goal)}. Please agree, or talk about it here.`,
    section(md`:dart: ${wording}`),
    section(lines(md`${kindWords[goal.kind]}. Set by ${person(goal.setBy)} ${when(goal.setAt)}.`, agreedLine(agreed))),
    buttons(
      button('Agree', actions.agreeToGoal, { goalId: goal.id, revision: goal.revision }, { style: 'primary' }),
      button('Open', actions.openGoal, { goalId: goal.id }),
    ),
  );
}

function agreedLine(agreed: readonly Agreement[]): Mrkdwn {
  if (agreed.length === 0) return md`Nobody agreed to it yet.`;
  return md`:handshake: Agreed by ${join(
    agreed.slice(0, 20).map(({ personId }) => person(personId)),
    ', ',
  )}${agreed.length > 20 ? md` and ${agreed.length - 20} more` : ''}`;
}

const marks: Readonly<Record<Stand['state'], string>> = {
  met: ':white_check_mark:',
  missed: ':red_circle:',
  too_few: ':grey_question:',
  unknown: ':grey_question:',
};

const mostGoals = 20;

/** The answer to `/ml metrics <model>`. */
export function modelMetrics(model: Model, goals: readonly GoalNow[], lone: readonly string[]): Message {
  const rest = goals.length - mostGoals;
  return message(
    md`${model.name}: ${tally(goals)}.`,
    section(md`*${model.name}* – ${tally(goals)}`),
    ...goals.slice(0, mostGoals).map((each) => goalRow(each)),
    rest > 0 && footnote(md`and ${plural(rest, 'more goal')}`),
    buttons(
      button('Add a goal', actions.addGoal, { modelId: model.id }),
      ...(goals.some(({ stand }) => stand.points.length > 1)
        ? [button('Send me pictures', actions.sendGoalPictures, { modelId: model.id })]
        : []),
    ),
    lone.length > 0 && footnote(md`Measured, but without a goal: ${lone.join(', ')}.`),
  );
}

/** "3 of 4 goals are met, off goal: AUC" */
function tally(goals: readonly GoalNow[]): string {
  if (goals.length === 0) return 'no goal is set yet';
  const met = goals.filter(({ stand }) => stand.state === 'met').length;
  const missed = goals.filter(({ stand }) => stand.state === 'missed').map(({ goal }) => goal.name);
  const off =
    missed.length > 0 ? `, off goal: ${missed.slice(0, 5).join(', ')}${missed.length > 5 ? ' and more' : ''}` : '';
  return `${met} of ${plural(goals.length, 'goal')} met${off}`;
}

function goalRow({ goal, stand }: GoalNow): SectionBlock {
  return {
    ...section(lines(standLine({ goal, stand }), course({ goal, stand }), budgetLine(stand))),
    accessory: button('Open', actions.openGoal, { goalId: goal.id }),
  };
}

function standLine({ goal, stand }: GoalNow): Mrkdwn {
  const named = md`${marks[stand.state]} *${goal.name}*`;
  const target = md`goal ${targetWords(goal)}`;
  switch (stand.state) {
    case 'met':
      return md`${named} ${now({ goal, stand })} – ${target}: met`;
    case 'missed':
      return md`${named} ${now({ goal, stand })} – ${target}: *off goal*`;
    case 'too_few':
      return md`${named} ${now({ goal, stand })} – ${target}: too few answers to judge (30 are needed)`;
    case 'unknown':
      return md`${named} – ${target}: no reading in the last ${goal.periodDays} days`;
  }
}

function now({ goal, stand }: GoalNow): Mrkdwn {
  const value = stand.value === null ? '' : inUnit(goal, stand.value);
  if (!stand.score) return md`is ${value}`;
  const { low, high, answers } = stand.score;
  return md`is ${value} (${plural(answers, 'answer')}, 95 % sure between ${Math.round(low)} and ${Math.round(high)})`;
}

function course({ goal, stand }: GoalNow): Mrkdwn | undefined {
  const first = stand.points[0];
  if (!first || !stand.at || stand.points.length < 2) return undefined;
  const line = sparkline(stand.points.map(([, value]) => value));
  return md`${line}  ${inUnit(goal, first[1])} on ${first[0]}, newest ${when(stand.at)}`;
}

function budgetLine({ slo }: Stand): Mrkdwn | undefined {
  if (!slo) return undefined;
  const left =
    slo.left >= 0
      ? md`${Math.round(slo.left * 100)} % of the error budget is left`
      : md`the error budget is overspent by ${Math.round(-slo.left * 100)} %`;
  const hour =
    slo.lastHour === null ? '' : md`, burning at ${figure(slo.lastHour)} times the allowed rate in the last hour`;
  const fire = slo.alert
    ? md`\n:fire: More than ${slo.alert.burn} times too fast over ${slo.alert.long} and over ${slo.alert.short}: ${slo.alert.severity === 'page' ? 'act now' : 'plan a repair'}.`
    : '';
  return md`_${left}${hour}._${fire}`;
}

export interface ModelGoals {
  readonly name: string;
  readonly goals: readonly GoalNow[];
}

const mostModels = 40;

/** The team's page: what is off goal first, then what is met, model by model. */
export function teamMetrics(team: string, all: readonly ModelGoals[]): Message {
  const goals = all.flatMap((model) => model.goals);
  const missed = all.flatMap(({ name, goals: own }) =>
    own.filter(({ stand }) => stand.state === 'missed').map((each) => md`${name}: ${standLine(each)}`),
  );
  const rows = all.slice(0, mostModels).map(({ name, goals: own }) => md`• *${name}*: ${tally(own)}`);
  return message(
    md`Team ${team}: ${tally(goals)}.`,
    header(`Goals of ${team}`),
    section(md`${tally(goals)}`),
    missed.length > 0 && section(md`*Off goal*\n${join(missed.slice(0, 10), '\n')}`),
    missed.length > 10 && footnote(md`and ${missed.length - 10} more off goal`),
    section(rows.length > 0 ? md`*Model by model*\n${join(rows, '\n')}` : md`This team owns no model yet.`),
    all.length > mostModels && footnote(md`and ${plural(all.length - mostModels, 'more model')}`),
    footnote(md`\`/ml metrics <model>\` shows one model with its course.`),
  );
}

/** Everything about one goal, with what can be done. */
export function goalView({ goal, stand }: GoalNow, model: Model, agreed: readonly Agreement[]): ModalView {
  const id = { goalId: goal.id };
  const blocks: (KnownBlock | false)[] = [
    section(md`*${goal.name}* of *${model.name}* in ${goal.environment}`),
    section(lines(standLine({ goal, stand }), course({ goal, stand }), budgetLine(stand))),
    section(
      lines(
        md`*Goal* ${targetWords(goal)}. ${kindWords[goal.kind]}.`,
        md`Set by ${person(goal.setBy)} ${when(goal.setAt)}, wording ${goal.revision}. ${agreedLine(agreed)}`,
        md`Readings come in as \`${goal.metric}\`${goal.column ? md` of column \`${goal.column}\`` : ''}.`,
      ),
    ),
    buttons(
      button('Agree', actions.agreeToGoal, { ...id, revision: goal.revision }, { style: 'primary' }),
      button('Enter a result', actions.enterGoalResult, id),
      button('Change', actions.changeGoal, id),
      button('Take back', actions.retireGoal, id, {
        style: 'danger',
        confirm: {
          title: 'Take back this goal?',
          text: md`${goal.name} of ${model.name} is held against nothing any more. Its readings are kept.`,
          yes: 'Take back',
        },
      }),
    ),
    divider(),
    section(history({ goal, stand })),
  ];
  return asModal('Goal', { blocks: blocks.filter((block) => block !== false) });
}

function history({ goal, stand }: GoalNow): Mrkdwn {
  const days = stand.points.slice(-14).toReversed();
  if (days.length === 0) return md`*Course*\nNothing was measured in the last ${goal.periodDays} days.`;
  return md`*Course, newest day first (UTC)*\n${join(
    days.map(([day, value]) => md`${day}: ${inUnit(goal, value)}`),
    '\n',
  )}`;
}

export interface Drawn {
  readonly key: string;
  readonly alt: string;
  readonly drawing: Drawing;
}

/** `more`: what rules over the same metric hold it against, and the releases. */
export function drawingOf(
  model: Model,
  { goal, stand }: GoalNow,
  more: Pick<SeriesDrawing, 'limit' | 'baseline' | 'releases'>,
): Omit<Drawn, 'key'> {
  const [first, last] = [stand.points[0], stand.points.at(-1)];
  const unit = goal.measure === 'value' ? goal.unit : goal.measure === 'nps' ? '' : '%';
  const said = first && last ? `${inUnit(goal, first[1])} on ${first[0]}, ${inUnit(goal, last[1])} on ${last[0]}` : '';
  return {
    alt: `Line chart of ${goal.name} of ${model.name}: ${said}, goal ${targetWords(goal)}.`,
    drawing: {
      title: `${goal.name} of ${model.name}`,
      unit,
      points: stand.points.map(([day, value]) => [Date.parse(`${day}T00:00:00Z`), value] as const),
      goal: { value: goal.target, label: 'goal', side: goal.direction === 'at_least' ? 'below' : 'above' },
      ...more,
    },
  };
}

export function picturesOf(model: Model, drawn: readonly Drawn[]): Message {
  return message(
    md`The goals of ${model.name} as pictures.`,
    section(md`The goals of *${model.name}*, as you asked`),
    ...drawn.map(({ key, alt }) => picture(key, alt)),
  );
}
