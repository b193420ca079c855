import type { ActionsBlock, KnownBlock, ModalView } from '@slack/types';
import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { asModal, buttons, footnote, message, type Message, section } from '../../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, person, plural, when } from '../../../slack/mrkdwn.ts';
import { type DutyId, type RoleId, standardOf } from '../matrix.ts';
import { candidates, type TeamFacts } from '../rules.ts';
import { type GapKind, type Severity } from './rules.ts';
import { allRoleNames } from '../views.ts';
import type { TeamCoverage, Told } from './queries.ts';

/** Gaps with one cause, said once: of several models, or of the duties that hang on the same people. */
interface Group {
  readonly first: Told;
  readonly gaps: readonly Told[];
  readonly duties: readonly DutyId[];
  readonly modelIds: ReadonlySet<string>;
}

function grouped(gaps: readonly Told[], { matrix }: TeamFacts): Group[] {
  const roles = new Map(matrix.map(({ id, responsible }) => [id, responsible]));
  const models = Map.groupBy(gaps, (gap) => JSON.stringify([gap.duty, causeOf(gap, roles.get(gap.duty) ?? [])]));
  // Two duties go together only when they lack the same on the same models.
  const duties = Map.groupBy([...models.values()], (same) => {
    const ids = same.map(({ modelId }) => modelId);
    return JSON.stringify([same[0] && causeOf(same[0], roles.get(same[0].duty) ?? []), ids]);
  });
  return [...duties.values()].flatMap((lists) => {
    const all = lists.flat();
    const [first] = all;
    if (!first) return [];
    const ids = new Set(all.map(({ duty }) => duty));
    return [{ first, gaps: all, duties: [...ids], modelIds: new Set(all.map(({ modelId }) => modelId)) }];
  });
}

function causeOf(gap: Told, responsible: readonly RoleId[]) {
  if (restsOnCard(gap)) return 'card';
  const { kind, severity, there, hole, accepted } = gap;
  const holders = kind === 'inactive' ? gap.holders : there;
  const own = kind === 'conflict' && gap.duty;
  const level = kind === 'stale' && [gap.by, gap.by === 'model' && gap.modelId];
  const hatOf = gap.by === 'card' && gap.duty;
  const missing = kind === 'none' && responsible;
  return [kind, severity, holders.toSorted(), hole, missing, own, level, hatOf, accepted?.until, accepted?.reason];
}

/** Who does what by role or card is confirmed with the card, not duty by duty. */
function restsOnCard({ kind, by }: Told): boolean {
  return kind === 'stale' && (by === 'role' || by === 'card');
}

const shownWeekly = 12;
const shownAtOnce = 20;

/** To the lead alone. */
export function weeklyMessage(found: TeamCoverage): Message {
  const open = grouped(
    found.gaps.filter(({ accepted }) => !accepted),
    found.facts,
  );
  const { team } = found;
  const [worst] = open;
  if (!worst) {
    return message(
      md`Every gap in the duties of ${team.name} is closed or accepted. Thank you.`,
      section(md`:white_check_mark: *${team.name}*: every gap in the duties is closed or accepted. Thank you.`),
    );
  }
  return message(
    md`${team.name} lacks ${plural(open.length, 'thing')}. The most pressing: ${plainSentence(worst, found)}`,
    section(md`:clipboard: *What ${team.name} lacks this week*`),
    ...rows(open, found, shownWeekly),
    footnote(
      md`Only you get this, once a week. \`/ml coverage ${team.name}\` shows all to your team, \`/ml duties ${team.name}\` changes what is asked of whom.`,
    ),
  );
}

/** For the people of the team, and only to the one who asked. With a name it is about one model. */
export function coverageCard(found: TeamCoverage, model?: string): Message {
  const { team, models } = found;
  const what = model ?? team.name;
  const open = grouped(
    found.gaps.filter((gap) => !gap.accepted),
    found.facts,
  );
  const accepted = grouped(
    found.gaps.filter((gap) => gap.accepted),
    found.facts,
  );
  const about = model === undefined ? md`${plural(models.length, 'model')}` : md`a model of ${team.name}`;
  if (models.length === 0) {
    return message(
      md`${team.name} owns no model yet, so no duty is asked of it.`,
      section(md`*${team.name}* owns no model yet, so no duty is asked of it.`),
    );
  }
  return message(
    open.length === 0 ? md`${what} lacks nothing.` : md`${what} lacks ${plural(open.length, 'thing')}.`,
    section(
      open.length === 0
        ? md`:white_check_mark: *${what}* lacks nothing: every duty asked of it is held (${about}).`
        : md`:clipboard: *What ${what} lacks* (${about})`,
    ),
    ...rows(open, found, shownAtOnce),
    accepted.length > 0 &&
      section(
        md`*Accepted for now*\n${join(
          accepted.slice(0, 8).map((each) => acceptedLine(each, found)),
          '\n',
        )}`,
      ),
    footnote(
      md`Only you see this. \`/ml duty <duty> @person [model]\` names somebody, \`/ml duties\` changes what is asked of whom.`,
    ),
  );
}

export function coverageModal(found: TeamCoverage): ModalView {
  return asModal('Coverage', coverageCard(found));
}

function rows(groups: readonly Group[], found: TeamCoverage, most: number): KnownBlock[] {
  const shown = groups.slice(0, most).flatMap((group): KnownBlock[] => {
    const actionsRow = actionsOf(group, found);
    const row = section(md`${severityMarks[group.first.severity]} ${gapSentence(group, found)}`);
    return actionsRow ? [row, actionsRow] : [row];
  });
  const left = groups.length - most;
  return left > 0
    ? [
        ...shown,
        footnote(md`${plural(left, 'more gap')} below these. \`/ml coverage <model>\` shows those of one model.`),
      ]
    : shown;
}

const severityMarks: Readonly<Record<Severity, Mrkdwn>> = {
  high: md`:red_circle:`,
  medium: md`:large_orange_circle:`,
  low: md`:large_yellow_circle:`,
  info: md`:white_circle:`,
};

function actionsOf({ first, duties, modelIds }: Group, { team }: TeamCoverage): ActionsBlock | undefined {
  if (restsOnCard(first)) return undefined;
  const { duty, kind, modelId, by } = first;
  const only = modelIds.size === 1 ? { modelId } : {};
  const of = { teamId: team.id, duties: [...duties] };
  const accept = button('Accept this gap until …', actions.acceptGap, { ...of, kind, ...only });
  if (duty === 'gov.owner') return buttons(button('Look at the model', actions.showModel, { modelId }), accept);
  if (duty === 'gov.deputy') return buttons(button('Name a deputy', actions.editModel, { modelId }), accept);
  const assign = button('Assign', actions.assignDuty, { ...of, ...only });
  if (kind !== 'stale') return buttons(assign, accept);
  return buttons(button('Still right', actions.confirmDuty, { ...of, ...(by === 'model' && { modelId }) }), assign);
}

const mostModels = 5;
const mostDuties = 6;

function modelNames({ modelIds }: Group, { models }: TeamCoverage): Mrkdwn {
  const names = models.filter(({ id }) => modelIds.has(id)).map(({ name }) => md`${name}`);
  if (names.length > 1 && names.length === models.length) return md`all ${names.length} models`;
  const more = names.length - mostModels;
  return more > 0 ? md`${join(names.slice(0, mostModels), ', ')} and ${more} more` : join(names, ', ');
}

function people(ids: readonly string[]): Mrkdwn {
  return join(ids.slice(0, 3).map(person), ', ');
}

/** About the duty and what would close the gap, never about what somebody failed to do. */
function gapSentence(group: Group, found: TeamCoverage): Mrkdwn {
  const { duties, first } = group;
  const listed = duties.slice(0, mostDuties).map((id) => md`• ${standardOf(id).todo}`);
  const more = duties.length - mostDuties;
  return lines(
    md`*${headWords[first.kind]}* ${plainSentence(group, found, duties.length > 1 ? md`do this` : undefined)}`,
    ...(duties.length > 1 && !restsOnCard(first) ? listed : []),
    more > 0 && !restsOnCard(first) && md`• and ${plural(more, 'more duty', 'more duties')}`,
    helpers(group, found),
  );
}

const headWords: Readonly<Record<GapKind, string>> = {
  none: 'Not held:',
  inactive: 'Nobody there:',
  conflict: 'To be kept apart:',
  hours: 'Open hours:',
  single: 'One person only:',
  stale: 'Not confirmed lately:',
};

/** `what`: words for the duty, when the duties stand in a list below. */
function plainSentence(group: Group, found: TeamCoverage, what?: Mrkdwn): Mrkdwn {
  const { duty, kind, by, holders, there, hole, with: others } = group.first;
  const more = group.duties.length - 1;
  const todo =
    what ?? md`${standardOf(duty).todo}${more > 0 ? `, and ${plural(more, 'more duty', 'more duties')}` : ''}`;
  const models = modelNames(group, found);
  switch (kind) {
    case 'none':
      return by === 'card'
        ? md`nobody is named yet to ${todo} (${models}).`
        : md`nobody is named to ${todo}, and nobody has the role ${rolesFor(duty, found)} (${models}).`;
    case 'inactive':
      return md`nobody who is there can ${todo} (${models}). ${people(holders)} ${holders.length === 1 ? 'holds' : 'hold'} it, but ${holders.length === 1 ? 'is' : 'are'} away for long or no longer in the team.`;
    case 'conflict':
      return md`to ${todo} needs somebody else than to ${join(
        (others ?? []).map((id) => md`${standardOf(id).todo}`),
        ' or ',
      )}, and the same person holds both (${models}).`;
    case 'hours':
      return hole
        ? md`nobody awake can ${todo} from ${when(new Date(hole.from))} to ${when(new Date(hole.until))}, in hours the team promises (${models}).`
        : md`nobody awake can ${todo} in hours the team promises (${models}).`;
    case 'single':
      return md`only ${people(there)} can ${todo} (${models}). A second person would make it safe.`;
    case 'stale':
      return restsOnCard(group.first)
        ? md`what is written of ${models} is older than 90 days, and who does what rests on it. The owner confirms it.`
        : md`who is named to ${todo} was last confirmed more than 90 days ago (${models}): ${people(holders)}.`;
  }
}

function rolesFor(duty: DutyId, { facts }: TeamCoverage): string {
  const cell = facts.matrix.find(({ id }) => id === duty) ?? standardOf(duty);
  return cell.responsible.map((role) => allRoleNames[role]).join(' or ');
}

/** People of the team whose role is near to it, for the first of the duties. */
function helpers({ first }: Group, { facts }: TeamCoverage): Mrkdwn | undefined {
  if (first.kind === 'stale' || first.duty === 'gov.owner') return undefined;
  const cell = facts.matrix.find(({ id }) => id === first.duty) ?? standardOf(first.duty);
  const could = candidates(cell, first.holders, facts);
  return could.length > 0 ? md`Could help: ${people(could)}` : undefined;
}

function acceptedLine(group: Group, found: TeamCoverage): Mrkdwn {
  const { accepted, kind, duty } = group.first;
  const more = group.duties.length - 1;
  const todo = `${standardOf(duty).todo}${more > 0 ? ` and ${more} more` : ''}`;
  return md`• ${headWords[kind]} ${todo} (${modelNames(group, found)}) until ${accepted?.until ?? ''}: ${accepted?.reason ?? ''}`;
}
