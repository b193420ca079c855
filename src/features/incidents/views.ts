import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, fields, footnote, type Message, message, section } from '../../slack/blocks.ts';
import { channelLink, lines, md, type Mrkdwn, person, plural, when } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { answersFor, cancelWords, isOpen, needsPostmortem, roleWords, severityWords } from './rules.ts';
import { type Incident, type IncidentRole, type IncidentUpdate, type Role, roles } from './schema.ts';

export interface Board {
  readonly roles: readonly IncidentRole[];
  readonly update: IncidentUpdate | undefined;
  /** Models that were affected beside its own. */
  readonly further: readonly Model[];
  /** What it was merged into. */
  readonly into: Incident | undefined;
  /** As far as anybody knows. */
  readonly began: Date | undefined;
  /** Where clocks disagree, in words. */
  readonly warnings: readonly string[];
}

/** Stands in the model's channel and, the same, on top of the incident's own. */
export function incidentCard(incident: Incident, model: Model, board: Board): Message {
  const { update } = board;
  return message(
    fullSentence(incident, model, board),
    section(
      md`${mark(incident)} *${nameOf(incident)}: ${incident.title}*${incident.isPrivate ? md`\n:lock: *Private*: only its own people see it.` : ''}`,
    ),
    fields(
      md`*Model*\n${model.name} in ${model.environment}`,
      board.further.length > 0 ? md`*Also affected*\n${board.further.map(({ name }) => name).join(', ')}` : undefined,
      md`*Version*\n${incident.version ?? 'not known'}`,
      md`*Severity*\n${severityWords[incident.severity]}`,
      ...roles.flatMap((role) => roleField(role, board.roles)),
      md`*Began*\n${board.began ? when(board.began) : incident.isOnsetUnknown ? 'nobody can know' : 'not known yet'}`,
      md`*Channel*\n${channelOf(incident)}`,
    ),
    incident.summary !== '' && section(md`*What we see*\n${incident.summary}`),
    incident.evidence !== '' && section(md`*Evidence*\n${incident.evidence}`),
    update && section(md`*Update ${update.number}*, ${when(update.at)}\n${update.conditions}`),
    board.warnings.length > 0 && section(lines(...board.warnings.map((each) => md`:warning: ${each}`))),
    section(stateLine(incident, board)),
    ...cardButtons(incident, model, board),
    footnote(
      md`Declared by ${person(incident.declaredBy)} ${when(incident.declaredAt)}${incident.repeats > 0 ? md`; reported ${plural(incident.repeats, 'more time')} since` : ''}`,
    ),
  );
}

const kindNames = { incident: 'Incident', drill: 'Drill', test: 'Test', backfill: 'Past incident' } as const;
const nameOf = ({ kind, number }: Pick<Incident, 'kind' | 'number'>): string =>
  kind === 'drill' ? `[DRILL] Incident ${number}` : `${kindNames[kind]} ${number}`;

/** The commander always; the others once somebody has them or is asked. */
function roleField(role: Role, all: readonly IncidentRole[]): Mrkdwn[] {
  const held = all.find((each) => each.role === role);
  if (role !== 'commander' && !held?.holder && !held?.offeredTo) return [];
  const holder = held?.holder ? person(held.holder) : md`nobody yet`;
  const offered = held?.offeredTo ? md` (${person(held.offeredTo)} is asked)` : md``;
  return [md`*${roleWords[role].name}*\n${holder}${offered}`];
}

const commanderOf = ({ roles: all }: Board) => all.find(({ role }) => role === 'commander')?.holder ?? undefined;

function channelOf(incident: Incident): Mrkdwn {
  const shut = incident.channelStep === 'archived' ? md` (archived)` : md``;
  if (incident.channel) return md`${channelLink(incident.channel)}${shut}`;
  return isOpen(incident) && incident.channelStep !== 'unwanted' ? md`being made` : md`none`;
}

function cardButtons(incident: Incident, model: Model, board: Board) {
  const value = { incidentId: incident.id };
  const severity = button('Severity', actions.incidentSeverity, value);
  const callOff = button('Call off', actions.cancelIncident, value);
  const merge = button('Merge', actions.mergeIncident, value);
  const times = button('Correct times', actions.incidentTimes, value);
  const notice = button('Tell stakeholders', actions.tellStakeholders, value);
  const others = button('Other models', actions.incidentModels, value);
  const letIn = incident.isPrivate ? [button('Let in', actions.letIntoIncident, value)] : [];
  const lead = commanderOf(board) ? [] : [button('Take command', actions.takeCommand, value, { style: 'primary' })];
  switch (incident.state) {
    case 'triage':
      return [
        buttons(
          button('It is one', actions.confirmIncident, value, { style: 'primary' }),
          callOff,
          merge,
          severity,
          ...lead,
          ...letIn,
        ),
      ];
    case 'active':
      return [
        buttons(
          ...lead,
          button('Update', actions.updateIncident, value),
          button('Mitigated', actions.mitigateIncident, value),
          button('Resolve', actions.resolveIncident, value),
          button('Roll back', actions.askForRollback, { modelId: model.id }, { style: 'danger' }),
        ),
        buttons(
          button('Roles', actions.incidentRoles, value),
          severity,
          times,
          merge,
          callOff,
          others,
          button('Roll back now', actions.breakGlass, { modelId: model.id }),
          notice,
          ...letIn,
        ),
      ];
    case 'mitigated':
      return [
        buttons(
          ...lead,
          button('Update', actions.updateIncident, value),
          button('Resolve', actions.resolveIncident, value, { style: 'primary' }),
          button('Reopen', actions.reopenIncident, value),
          severity,
          times,
          notice,
          others,
          ...letIn,
        ),
      ];
    case 'resolved':
      return [
        buttons(
          button('Start post-mortem', actions.startPostmortem, value, { style: 'primary' }),
          times,
          others,
          notice,
          button('Reopen', actions.reopenIncident, value),
          ...(needsPostmortem(incident) ? [] : [button('Close', actions.closeIncident, value)]),
          ...letIn,
        ),
      ];
    case 'reviewing':
    case 'closed':
      return [buttons(times, others, button('Reopen', actions.reopenIncident, value), ...letIn)];
    case 'merged':
      return [buttons(button('Take out again', actions.unmergeIncident, value))];
    case 'cancelled':
      return [];
  }
}

export function mark({ state }: Incident): Mrkdwn {
  switch (state) {
    case 'triage':
      return md`:eyes:`;
    case 'active':
      return md`:rotating_light:`;
    case 'mitigated':
      return md`:telescope:`;
    case 'resolved':
    case 'reviewing':
    case 'closed':
      return md`:white_check_mark:`;
    case 'merged':
    case 'cancelled':
      return md`:no_entry_sign:`;
  }
}

function stateLine(incident: Incident, { into }: Board): Mrkdwn {
  const { resolution, cancelReason } = incident;
  const by = incident.endedBy === null ? md`Pitcrew` : person(incident.endedBy);
  const at = when(incident.resolvedAt ?? incident.declaredAt);
  switch (incident.state) {
    case 'triage':
      return md`*Suspected*. Next: say whether it is one.`;
    case 'active':
      return md`*Going on*. Next: say here what you know, and press *Mitigated* once nobody is harmed any more.`;
    case 'mitigated':
      return md`*Impact stopped*, being watched. Next: resolve it when it stays well, or reopen it.`;
    case 'resolved':
      return lines(
        md`*Resolved* by ${by} ${at}.`,
        md`${resolution ?? ''}`,
        incident.reviewAt !== null && md`If nobody starts the post-mortem before, I do so ${when(incident.reviewAt)}.`,
      );
    case 'reviewing':
      return lines(md`*Resolved* by ${by} ${at}. Its post-mortem is being written.`, md`${resolution ?? ''}`);
    case 'closed':
      return lines(md`*Closed*, resolved ${at}.`, md`${resolution ?? ''}`);
    case 'merged':
      return md`*Merged* by ${by} into ${into ? md`incident ${into.number}, ${into.title}${into.channel ? md` (${channelLink(into.channel)})` : ''}` : 'a private one'}. Go on there.`;
    case 'cancelled':
      return md`*Called off* by ${by}: ${cancelReason ? cancelWords[cancelReason] : ''}. ${resolution ?? ''}`;
  }
}

function fullSentence(incident: Incident, model: Model, board: Board): Mrkdwn {
  const drill = incident.kind === 'drill' ? md`[DRILL] ` : md``;
  const named = md`${drill}${incident.severity.toUpperCase()} incident ${incident.number} on ${model.name}`;
  const commander = commanderOf(board);
  switch (incident.state) {
    case 'triage':
      return md`${named} is suspected: ${incident.title}. ${person(answersFor(incident, model))}, please say whether it is one.`;
    case 'active':
      return commander
        ? md`${named}: ${incident.title}. ${person(commander)} leads.`
        : md`${named}: ${incident.title}. Nobody leads it yet: ${person(answersFor(incident, model))}, please take command.`;
    case 'mitigated':
      return md`${named}: the impact has stopped. ${person(commander ?? answersFor(incident, model))}, please resolve it when it stays well.`;
    case 'resolved':
      return md`${named} is resolved: ${incident.title}. ${person(commander ?? answersFor(incident, model))}, please start the post-mortem.`;
    case 'reviewing':
    case 'closed':
    case 'merged':
    case 'cancelled':
      return md`${named}, ${incident.title}: ${stateLine(incident, board)}`;
  }
}

export function topicOf(incident: Incident, model: Model): string {
  const drill = incident.kind === 'drill' ? '[DRILL] ' : '';
  return `${drill}${incident.severity.toUpperCase()} ${incident.state}: ${incident.title} (${model.name})`;
}
