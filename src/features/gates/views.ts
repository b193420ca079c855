import type { KnownBlock, SectionBlock } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, section } from '../../slack/blocks.ts';
import { join, lines, linkTo, md, type Mrkdwn, person, plural, when, withStop } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { printChecks } from './checks/printing.ts';
import type { GateStanding } from './queries.ts';
import { isPerson, roleWords } from './rules.ts';
import type { AskedRole, Evaluation, Gate, Override, Result } from './schema.ts';
import { againstWords, outcomeMarks, type State, titleOf, wordOf } from './words.ts';

export interface Card {
  readonly model: Model;
  readonly environment: string;
  readonly version: string;
  readonly standing: GateStanding;
  /** All there ever were of this version. */
  readonly overrides: readonly Override[];
  /** Who holds the roles that are asked. */
  readonly answerers: ReadonlyMap<AskedRole, readonly string[]>;
  /** The version that is live there. */
  readonly live: string | undefined;
}

const marks: Readonly<Record<State, string>> = {
  no_gate: ':grey_question:',
  not_checked: ':grey_question:',
  pass: ':white_check_mark:',
  overridden: ':warning:',
  failed: ':x:',
  void: ':hourglass_flowing_sand:',
};
const stateWords: Readonly<Record<State, string>> = {
  no_gate: 'has no gate to pass',
  not_checked: 'was not checked yet',
  pass: 'passes',
  overridden: 'does not pass, and was overridden',
  failed: 'does not pass',
  void: 'has a result that is out of date',
};

/** One message for each version at a gate, edited with every check. */
export function gateCard(card: Card): Message {
  const { model, environment, version, standing, overrides } = card;
  const { evaluation, state } = standing;
  const head = section(
    md`${{ mrkdwn: marks[state] }} *Version ${version} of ${model.name} ${stateWords[state]}* – gate of ${environment}`,
  );
  return message(
    aloud(card),
    head,
    !evaluation && section(md`${standing.words}`),
    state === 'void' && section(md`${standing.words} Below stands what it said then.`),
    ...overrides.map((each) => overrideSection(each, evaluation)),
    ...(evaluation ? checkSections(card, evaluation) : []),
    buttons(...nextSteps(card)),
    evaluation && footnote(about(evaluation)),
  );
}

/** The whole card in a sentence, with who is to act. */
function aloud(card: Card): Mrkdwn {
  const { model, environment, version, standing, live } = card;
  const { evaluation, state, words } = standing;
  const what = md`Version ${version} of ${model.name}`;
  if (!evaluation) return md`${model.name}: ${words}`;
  const actor = person(isPerson(evaluation.by) ? evaluation.by : model.ownerId);
  const passed = evaluation.results.filter(({ outcome }) => outcome === 'pass').length;
  switch (state) {
    case 'pass':
      return md`${what} passes the gate of ${environment} with ${plural(passed, 'check')}. ${live === version ? 'It is live.' : md`${actor}, it can be promoted.`}`;
    case 'overridden':
      return md`${what} does not pass the gate of ${environment}, and ${person(standing.override?.by ?? '')} overrode that: ${withStop(md`${standing.override?.reason ?? ''}`)}`;
    case 'void':
      return md`${model.name}: ${words.replace(/ Check it again\.$/, '')} ${actor}, please check it again.`;
    case 'failed':
    case 'no_gate':
    case 'not_checked':
      return md`${what} does not pass the gate of ${environment}: ${againstWords(evaluation)}. ${actor}, the card says what is to be done.`;
  }
}

function overrideSection({ by, at, reason, hash }: Override, evaluation: Evaluation | undefined): SectionBlock {
  const which = evaluation?.hash === hash ? '' : ' (an earlier result)';
  return section(md`:warning: *Overridden*${which} by ${person(by)} ${when(at)}: ${withStop(md`${reason}`)}`);
}

const rowsInSection = 3;

/** What stands against it first. Each open question has a button of its own. */
function checkSections(card: Card, { results }: Evaluation): KnownBlock[] {
  const order = ['fail', 'missing', 'inconclusive', 'skipped', 'pass'];
  const sorted = results.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  const [asked, told] = [sorted.filter(isOpenQuestion), sorted.filter((result) => !isOpenQuestion(result))];
  const parts = Array.from({ length: Math.ceil(told.length / rowsInSection) }, (_, i) =>
    told.slice(i * rowsInSection, (i + 1) * rowsInSection),
  );
  return [
    ...asked.map((result) => questionSection(card, result)),
    ...parts.map((part) =>
      section(
        join(
          part.map((each) => resultRow(each)),
          '\n\n',
        ),
      ),
    ),
  ];
}

const isOpenQuestion = ({ check, outcome }: Result) => check?.kind === 'manual' && outcome !== 'pass';

function resultRow(result: Result, isAsked = false): Mrkdwn {
  const { emoji } = outcomeMarks[result.outcome];
  const url = result.used['url'];
  const needsAct = result.todo !== undefined && result.outcome !== 'pass' && !isAsked;
  return lines(
    md`${{ mrkdwn: emoji }} *${titleOf(result)}* – ${wordOf(result)}${isLenient(result) ? ', but need not pass' : ''}`,
    !isAsked && withStop(md`${result.because}`),
    needsAct && md`:arrow_right: ${withStop(md`${result.todo ?? ''}`)}`,
    typeof url === 'string' && linkTo(url, 'See it there'),
  );
}

const isLenient = ({ required, outcome }: Result) => !required && outcome !== 'pass' && outcome !== 'skipped';

function questionSection({ model, environment, version, answerers }: Card, result: Result): SectionBlock {
  const { check, key } = result;
  const role = check?.kind === 'manual' ? check.role : 'owner';
  const people = answerers.get(role) ?? [];
  const whom =
    people.length > 0
      ? md`Asked of ${join(people.slice(0, 5).map(person), ', ')} (${roleWords[role]}).`
      : md`:warning: Nobody of the team is ${roleWords[role]}. Give somebody the role with \`/ml team\`.`;
  return {
    ...section(lines(resultRow(result, result.outcome === 'missing'), whom)),
    accessory: button('Answer', actions.answerGate, { modelId: model.id, environment, version, check: key }),
  };
}

function nextSteps({ model, environment, version, standing, live }: Card) {
  const { state, evaluation } = standing;
  const at = { modelId: model.id, environment, version };
  const isGood = state === 'pass' || state === 'overridden';
  const canPromote = isGood && environment === model.environment && live !== version;
  return [
    ...(canPromote
      ? [button('Promote', actions.askForPromotion, { modelId: model.id, version }, { style: 'primary' })]
      : []),
    ...(state === 'no_gate' ? [] : [button(evaluation ? 'Check again' : 'Check it', actions.checkGate, at)]),
    ...(state === 'failed' && evaluation
      ? [button('Override…', actions.overrideGate, { evaluationId: evaluation.id }, { style: 'danger' })]
      : []),
    button(state === 'no_gate' ? 'Make a gate' : 'Change the gate', actions.editGate, {
      modelId: model.id,
      environment,
    }),
  ];
}

function about({ number, by, at, baseline, version, gateRevision }: Evaluation): Mrkdwn {
  const against =
    baseline === null
      ? 'Nothing was live to compare it with.'
      : baseline === version
        ? 'It was the live version itself.'
        : `Compared with version ${baseline}, which was live.`;
  const whom = isPerson(by) ? person(by) : 'Pitcrew';
  return md`Check ${number} by ${whom}, ${when(at)}. ${against} Wording ${gateRevision} of the gate.`;
}

export interface GatePage {
  readonly gates: readonly Gate[];
  /** The newest check of each version, newest first. */
  readonly checked: readonly { readonly evaluation: Evaluation; readonly standing: GateStanding }[];
}

/** What a version has to show, and how the last ones did. */
export function gatePage(model: Model, { gates, checked }: GatePage): Message {
  const at = { modelId: model.id };
  if (gates.length === 0) {
    const none = md`*${model.name}* has no gate yet: whoever may release it can release any version.`;
    return message(
      md`${model.name} has no gate yet.`,
      section(none),
      buttons(button('Make a gate', actions.editGate, at, { style: 'primary' })),
    );
  }
  const rows = checked.map(({ evaluation, standing }) => ({
    ...section(
      md`${{ mrkdwn: marks[standing.state] }} Version ${evaluation.version} ${stateWords[standing.state]} – ${evaluation.environment}, check ${evaluation.number}, ${when(evaluation.at)}`,
    ),
    accessory: button('Show', actions.showGate, {
      ...at,
      version: evaluation.version,
      environment: evaluation.environment,
    }),
  }));
  return message(
    md`The gate of ${model.name} has ${plural(gates[0]?.checks.length ?? 0, 'check')}.`,
    ...gates.flatMap((gate) => wordingBlocks(model, gate)),
    rows.length > 0 ? section(md`*The versions that were checked last*`) : section(md`No version was checked yet.`),
    ...rows,
    footnote(md`\`/ml gate check ${model.name} ${'<version>'}\` checks a version.`),
  );
}

function wordingBlocks(model: Model, gate: Gate): KnownBlock[] {
  const { environment, checks, changedBy, changedAt, revision } = gate;
  return [
    {
      ...section(md`*Gate of ${model.name}* in ${environment}\n\`\`\`${printChecks(checks)}\`\`\``),
      accessory: button('Change', actions.editGate, { modelId: model.id, environment }),
    },
    footnote(md`Wording ${revision} by ${person(changedBy)}, ${when(changedAt)}.`),
  ];
}

/** To the channel, so that nobody is surprised by what is asked or no longer asked. */
export function wordingCard(model: Model, gate: Gate, before: readonly string[]): Message {
  const now = printChecks(gate.checks).split('\n');
  const added = now.filter((line) => !before.includes(line));
  const gone = before.filter((line) => !now.includes(line));
  const isNew = before.length === 0;
  const what = isNew ? 'made the gate' : 'changed the gate';
  return message(
    md`${person(gate.changedBy)} ${what} of ${model.name} in ${gate.environment}: ${plural(added.length, 'line')} new, ${gone.length} gone.`,
    section(md`:vertical_traffic_light: ${person(gate.changedBy)} ${what} of *${model.name}* in ${gate.environment}.`),
    added.length > 0 &&
      section(
        md`*Asked from now on*\n${join(
          added.map((line) => md`• ${line}`),
          '\n',
        )}`,
      ),
    gone.length > 0 &&
      section(
        md`*No longer asked*\n${join(
          gone.map((line) => md`• ${line}`),
          '\n',
        )}`,
      ),
    footnote(
      md`\`/ml gate ${model.name}\` shows all of it.${isNew ? '' : ' Versions that were checked before are to be checked again.'}`,
    ),
  );
}

/** To whoever asked, when a check could not be made. */
export function notChecked(model: Model, version: string, why: string): Mrkdwn {
  return md`:warning: I could not check version ${version} of *${model.name}* against its gate: ${why}`;
}
