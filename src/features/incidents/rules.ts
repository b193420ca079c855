import { Refusal } from '../../lib/refusal.ts';
import { limits } from '../../slack/limits.ts';
import {
  type CancelReason,
  type Incident,
  type IncidentKind,
  type IncidentRole,
  type IncidentState,
  type MergeUndo,
  openStates,
  type Role,
  type Severity,
  severities,
} from './schema.ts';

export const severityWords: Readonly<Record<Severity, string>> = {
  sev1: 'SEV1, people outside the team are harmed now',
  sev2: 'SEV2, predictions are wrong or late',
  sev3: 'SEV3, degraded, with a workaround',
};

export const cancelWords: Readonly<Record<CancelReason, string>> = {
  false_positive: 'Nothing was wrong',
  duplicate: 'It is the same as another one',
  superseded: 'Another incident covers it',
  external: 'It is not ours to solve',
  cancelled: 'Another reason',
};

export const roleWords: Readonly<Record<Role, { readonly name: string; readonly does: string }>> = {
  commander: { name: 'Commander', does: 'leads, decides what is done next and by whom' },
  communicator: { name: 'Communicator', does: 'tells everybody else how it stands' },
  scribe: { name: 'Scribe', does: 'writes down what happens, and when' },
};

export const worseOf = (one: Severity, other: Severity): Severity =>
  severities.indexOf(one) < severities.indexOf(other) ? one : other;

const minuteMs = 60_000;
/** How often everybody hears how it stands. */
const updateEveryMs: Readonly<Record<Severity, number>> = {
  sev1: 30 * minuteMs,
  sev2: 60 * minuteMs,
  sev3: 240 * minuteMs,
};
/** Nobody leads: that soon somebody is asked to. */
const leadWithinMs: Readonly<Record<Severity, number>> = {
  sev1: 5 * minuteMs,
  sev2: 10 * minuteMs,
  sev3: 60 * minuteMs,
};
/** How long it has to stay well before it counts as over. */
const watchMinutes: Readonly<Record<Severity, number>> = { sev1: 30, sev2: 15, sev3: 0 };
/** After so long without a word of the commander anybody may step in. */
const silentMs = 60 * minuteMs;
/** The same alert so soon after the end is the same incident. */
export const flapMs = 60 * minuteMs;
const shortestReason = 10;

/** What is real must never disappear in a drill that has the same key, nor the other way round. */
export const keyOf = ({ kind = 'incident', dedupeKey }: { kind?: IncidentKind; dedupeKey?: string }) =>
  dedupeKey === undefined || kind === 'incident' ? dedupeKey : `${kind}: ${dedupeKey}`;

export const isOpen = ({ state }: Pick<Incident, 'state'>): boolean => openStates.some((each) => each === state);

/** When somebody is asked the next time: who leads, or how it stands. */
export function nextAsk(severity: Severity, isLed: boolean, now: Date): Date {
  return new Date(now.getTime() + (isLed ? updateEveryMs[severity] : leadWithinMs[severity]));
}

/** Whose word is asked for while nobody leads: the owner of a model may know nothing of a private one. */
export const answersFor = (
  { isPrivate, declaredBy }: Pick<Incident, 'isPrivate' | 'declaredBy'>,
  { ownerId }: { readonly ownerId: string },
): string => (isPrivate ? declaredBy : ownerId);

/** Whether its card asks somebody by name to act now, and not only says who does. */
export const callsSomebody = ({ kind, state }: Pick<Incident, 'kind' | 'state'>, isLed: boolean): boolean =>
  kind !== 'backfill' && (state === 'triage' || (state === 'active' && !isLed));

const stateWords: Readonly<Record<IncidentState, string>> = {
  triage: 'being looked into',
  active: 'going on',
  mitigated: 'stopped and being watched',
  resolved: 'resolved',
  reviewing: 'resolved, and its post-mortem is being written',
  closed: 'closed',
  merged: 'merged into another one',
  cancelled: 'called off',
};

/** "Incident 7 was already resolved by @ana." The id of a person is shown by Slack as their name. */
function already({ number, state, endedBy }: Incident): Refusal {
  const by = endedBy && state !== 'active' ? ` by <@${endedBy}>` : '';
  return new Refusal(`Incident ${number} is already ${stateWords[state]}${by}.`);
}

function only(incident: Incident, ...from: readonly IncidentState[]): void {
  if (!from.includes(incident.state)) throw already(incident);
}

export function mayChange(incident: Incident): void {
  only(incident, ...openStates);
}

export const mayConfirm = (incident: Incident): void => only(incident, 'triage');

export function mayCancel(incident: Incident): void {
  only(incident, 'triage', 'active');
}

export function checkReason(reason: string, field = 'reason'): void {
  if (reason.trim().length < shortestReason)
    throw new Refusal(`Say in at least ${shortestReason} characters why.`, { field });
}

/** What stands against it. Each may be set aside with one reason for all, that is kept. */
export interface Against {
  /** The number of one that is asked for or carried out, and not seen yet. */
  readonly rollback?: number | undefined;
  /** The number of one that is still open. */
  readonly alert?: number | undefined;
  /** Of which model it is, where it came with one that was merged. */
  readonly alertOn?: string | undefined;
  readonly mitigatedAt?: Date | undefined;
}

export function mayMitigate(incident: Incident, { rollback }: Against, inSpite: string): void {
  only(incident, 'triage', 'active');
  if (rollback !== undefined) setAside(rollbackWords(rollback), inSpite);
}

/** From `active` too: what passed by itself was never mitigated. */
export function mayResolve(incident: Incident, against: Against, inSpite: string, now: Date): void {
  only(incident, 'active', 'mitigated');
  const { rollback, alert, alertOn = 'this model', mitigatedAt } = against;
  const wait = watchMinutes[incident.severity];
  const watched = mitigatedAt ? (now.getTime() - mitigatedAt.getTime()) / minuteMs : wait;
  const reasons = [
    rollback === undefined ? undefined : rollbackWords(rollback),
    alert === undefined ? undefined : `Drift alert ${alert} of ${alertOn} is still open.`,
    incident.state === 'mitigated' && watched < wait
      ? `It is watched for ${wait} minutes first; ${Math.ceil(wait - watched)} are left.`
      : undefined,
  ].filter((each) => each !== undefined);
  if (reasons.length > 0) setAside(reasons.join(' '), inSpite);
}

const rollbackWords = (number: number) =>
  `Rollback ${number} is not finished: I wait until the old version is seen to be served.`;

function setAside(why: string, inSpite: string): void {
  if (inSpite.trim().length >= shortestReason) return;
  throw new Refusal(`${why} If it is over all the same, say here why.`, { field: 'inSpite' });
}

/** Small ones, drills and tests may be closed as they are. */
export const needsPostmortem = ({ kind, severity }: Pick<Incident, 'kind' | 'severity'>): boolean =>
  (kind === 'incident' || kind === 'backfill') && severity !== 'sev3';

/** It is begun by itself where nobody does; what is told of the past is left to whoever told it. */
export const beginsByItself = (incident: Pick<Incident, 'kind' | 'severity'>): boolean =>
  incident.kind === 'incident' && needsPostmortem(incident);
/** So many working days are left to people. */
export const reviewAfterDays = 1;

export function mayClose(incident: Incident, lacking: readonly string[]): void {
  only(incident, 'resolved');
  if (needsPostmortem(incident))
    throw new Refusal(
      `A ${incident.severity.toUpperCase()} is closed with its post-mortem: press *Start post-mortem*. Somebody else than who sees to it can say there that none is needed.`,
    );
  if (lacking.length > 0) throw new Refusal(`Before it is closed: ${lacking.join(' ')}`);
}

export function mayReopen(incident: Incident): void {
  if (incident.state === 'merged' || incident.state === 'cancelled') throw already(incident);
  if (isOpen(incident) && incident.state !== 'mitigated')
    throw new Refusal(`Incident ${incident.number} is still open.`);
}

/** Up by anybody; down only by who leads it or the team, with a reason. */
export function mayChangeSeverity(
  incident: Incident,
  to: Severity,
  { isInCharge, reason }: { isInCharge: boolean; reason: string },
): void {
  mayChange(incident);
  if (incident.severity === to) throw new Refusal(`It is ${to.toUpperCase()} already.`, { field: 'severity' });
  if (severities.indexOf(to) < severities.indexOf(incident.severity)) return;
  if (!isInCharge)
    throw new Refusal('Only who leads the incident, owns the model or leads its team may lower it.', {
      field: 'severity',
    });
  checkReason(reason);
}

export interface Merging {
  readonly from: Incident;
  readonly into: Incident;
}

/** Returns what the first was until now. */
export function mayMerge({ from, into }: Merging): { readonly state: MergeUndo['state'] } {
  mayChange(from);
  const state = openStates.find((each) => each === from.state) ?? 'active';
  if (from.id === into.id) throw new Refusal('Choose another incident than this one.', { field: 'into' });
  if (!isOpen(into)) throw new Refusal(`Incident ${into.number} is not open.`, { field: 'into' });
  if (from.isPrivate && !into.isPrivate)
    throw new Refusal(`Incident ${into.number} is open to everybody, and this one is private.`, { field: 'into' });
  mayMeet(from, into);
  return { state };
}

/** What is rehearsed and what is real are never one. */
export function mayMeet(from: Pick<Incident, 'kind'>, into: Pick<Incident, 'kind' | 'number'>): void {
  if (from.kind !== into.kind)
    throw new Refusal(`Incident ${into.number} is of another kind (${into.kind}).`, { field: 'into' });
}

const unmergeMs = 24 * 60 * minuteMs;

export function mayUnmerge({ number, state, mergedAt, mergeUndo }: Incident, now: Date): MergeUndo {
  if (state !== 'merged' || !mergedAt || !mergeUndo) throw new Refusal(`Incident ${number} is not merged.`);
  if (now.getTime() - mergedAt.getTime() > unmergeMs)
    throw new Refusal(`Incident ${number} was merged more than a day ago. Declare a new one, and name this one in it.`);
  return mergeUndo;
}

/** Somebody who leads is asked to hand over; only long silence lets another step in. */
export function mayTakeCommand(
  incident: Incident,
  role: IncidentRole | undefined,
  { by, lastWord, now }: { by: string; lastWord: Date; now: Date },
): void {
  mayChange(incident);
  if (!role?.holder) return;
  if (role.holder === by) throw new Refusal(`You already lead incident ${incident.number}.`);
  if (now.getTime() - lastWord.getTime() < silentMs)
    throw new Refusal(
      `<@${role.holder}> leads incident ${incident.number}. Ask them to press *Roles* and hand it to you.`,
    );
}

export function mayOffer(incident: Incident, role: IncidentRole | undefined, to: string): void {
  mayChange(incident);
  if (role?.holder === to) throw new Refusal('They do that already.', { field: 'person' });
}

/** Slack allows lower case letters, digits, - and _, 80 at most: "inc-7-churn-model". */
export function channelName({ number, kind }: Pick<Incident, 'number' | 'kind'>, model: string): string {
  const slug = model
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const prefix = kind === 'incident' ? 'inc' : kind;
  return `${prefix}-${number}-${slug}`.slice(0, limits.channelName).replace(/-$/, '');
}
