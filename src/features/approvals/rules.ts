import { createHash } from 'node:crypto';
import { Refusal } from '../../lib/refusal.ts';
import type { Standing } from '../../ports.ts';
import type { LiveVersion } from '../releases/schema.ts';
import { type Candidate, emptySlots } from './quorum.ts';
import type { ChangeRequest, RequestKind, RequestState, Slot } from './schema.ts';

/** A request nobody decides within a day is no longer what anybody meant. */
export const openForMs = 24 * 3_600_000;
/** What is approved has to begin this soon. */
export const executeWithinMs = 3_600_000;
/** Before another executor may take over: longer than all calls of one step with all their tries and timeouts. */
export const leaseMs = 180_000;
/** How soon it looks again for what is under way, and for what could not be read. */
export const pollMs = 10_000;
export const unclearMs = 30_000;
/** After so many looks a person has to say what stands. */
export const mostTries = 10;
export const reviewWithinMs = 24 * 3_600_000;
const hourMs = 3_600_000;
/** Hours after a break-glass at which somebody is asked to review it. */
export const reviewReminders = [4, 12, 24];

export const openStates = ['requested', 'approved', 'executing', 'unclear'] as const satisfies readonly RequestState[];

export const kindNames: Readonly<Record<RequestKind, string>> = { rollback: 'Rollback', promotion: 'Promotion' };
export const nameOf = ({ kind, number }: Pick<ChangeRequest, 'kind' | 'number'>) => `${kindNames[kind]} ${number}`;

/** The duty whose holders may approve beside owner, deputy and lead. */
export const approvalDuty = { rollback: 'rollback.approve', promotion: 'deploy.approve' } as const;

export interface Asked {
  readonly kind: RequestKind;
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly reason: string;
  /** Takes back the steps of another request, so that its target is what is live. */
  readonly undoes?: string;
}

/** What is live now; the first version of a model replaces nothing. */
export function checkAsk(live: LiveVersion | undefined, ask: Asked): Pick<LiveVersion, 'version' | 'revision'> {
  if (!live) {
    if (ask.kind === 'promotion' && ask.fromVersion === '') return { version: '', revision: 0 };
    throw new Refusal(
      'I do not know which version is live, so I cannot say what to go back from. Is the registry connected?',
    );
  }
  if (ask.undoes === undefined && ask.toVersion === live.version) {
    throw new Refusal(`Version ${ask.toVersion} is the live one. Choose another.`, { field: 'toVersion' });
  }
  if (ask.undoes === undefined && live.version !== ask.fromVersion) {
    throw new Refusal(`Version ${live.version} is live now, no longer ${ask.fromVersion}. Please open the form again.`);
  }
  if (ask.reason.trim().length < 10) {
    throw new Refusal('Say in at least 10 characters why: the approvers decide by it.', { field: 'reason' });
  }
  return live;
}

/** Of all that an approver is asked to agree to; the same for the same plan, whatever the order of its parts. */
export function digestOf(plan: {
  readonly kind: RequestKind;
  readonly modelId: string;
  readonly environment: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly aliasRevision: number;
  readonly steps: readonly number[];
  readonly bakeMinutes: number;
  readonly deployer: string;
  readonly gateHash: string;
}): string {
  const parts = [
    plan.kind,
    plan.modelId,
    plan.environment,
    plan.fromVersion,
    plan.toVersion,
    plan.aliasRevision,
    plan.steps.join(','),
    plan.bakeMinutes,
    plan.deployer,
    plan.gateHash,
  ];
  // With their lengths, so that no two plans give the same text.
  const text = parts.map((part) => `${String(part).length}:${part}`).join(';');
  return createHash('sha256').update(text).digest('hex');
}

/** Whoever decides, as our own records say at this moment. */
export interface Voter extends Candidate {
  readonly standing: Standing | undefined;
  /** An active member of the owning team. */
  readonly inTeam: boolean;
  /** What they did for this version that their team keeps apart from approving, in words. */
  readonly apartFrom: string | undefined;
}

/** Two pairs of eyes: someone entitled, and never the person who asked. */
export function mayDecide(request: ChangeRequest, voter: Voter, now: Date): void {
  if (request.state !== 'requested') throw new Refusal(tooLate(request, now));
  if (voter.id === request.requestedBy) {
    throw new Refusal(`You asked for this ${request.kind}, so someone else has to approve it. You can withdraw it.`);
  }
  mayAct(voter, request.kind);
}

/** Entitled on paper is not enough: deactivated, guest and foreign people decide nothing, nor who left the team. */
export function mayAct(voter: Voter, kind: RequestKind): void {
  switch (voter.standing) {
    case 'member':
      break;
    case 'deactivated':
      throw new Refusal('This Slack account is deactivated, so it cannot approve anything.');
    case 'guest':
    case 'foreign':
      throw new Refusal(`Guests and people of other workspaces cannot decide about a ${kind}.`);
    case 'bot':
    case undefined:
      throw new Refusal('I do not know you as a member of this workspace, so I cannot count your decision.');
  }
  if (!voter.inTeam && voter.lent.length === 0)
    throw new Refusal('You are no longer in the team that owns this model, so you cannot decide this.');
  if (voter.hats.length + voter.lent.length === 0) {
    throw new Refusal(
      "Only the model's owner, its deputy or the team's lead can decide this, and whoever is named for it. I did not count your click.",
    );
  }
  if (voter.apartFrom !== undefined) {
    throw new Refusal(
      `Your team keeps two duties apart: to approve a ${kind}, and to ${voter.apartFrom}. You did that for this version, so somebody else decides.`,
    );
  }
}

export function isEntitled(voter: Voter, kind: RequestKind): boolean {
  try {
    mayAct(voter, kind);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** A request that can never be decided is not opened: the people who could fill its slots, without who asks. */
export function checkReachable(
  slots: readonly Slot[],
  voters: readonly Voter[],
  ask: { by: string; kind: RequestKind },
) {
  const others = voters.filter((each) => each.id !== ask.by && isEntitled(each, ask.kind));
  const empty = emptySlots(slots, others);
  if (empty.length === 0) return;
  throw new Refusal(
    `Nobody besides you could approve this as ${empty.join(' and as ')}, so it could never be decided. ` +
      'Name a deputy with `/ml model edit`, or somebody for the duty of approving with `/ml coverage`.',
  );
}

export function mayWithdraw(request: ChangeRequest, by: string, now: Date, also: readonly string[]): void {
  if (request.state !== 'requested') throw new Refusal(tooLate(request, now));
  if (by !== request.requestedBy && !also.includes(by))
    throw new Refusal('Only the person who asked can withdraw it. You can reject it.');
}

export function mayRevoke(request: ChangeRequest, by: string, now: Date, may: readonly string[]): void {
  if (request.state !== 'approved') throw new Refusal(tooLate(request, now));
  if (!may.includes(by)) throw new Refusal('Only who approved it, the owner or the lead can take the approval back.');
}

export function mayAbort(request: ChangeRequest, now: Date): void {
  if (request.state !== 'executing' || request.step === 0) {
    throw new Refusal(
      request.state === 'executing'
        ? `${nameOf(request)} is at its first step; wait until that is done.`
        : tooLate(request, now),
    );
  }
  if (request.abortedBy) throw new Refusal(`<@${request.abortedBy}> stopped it already.`);
}

export const isLastStep = ({ step, steps }: ChangeRequest): boolean => step + 1 >= steps.length;

/** The approval was for exactly this: from this version, before any later move of the alias. */
export function isStale(request: ChangeRequest, live: LiveVersion | undefined): boolean {
  if (!live) return request.fromVersion !== '';
  if (request.undoes !== null) return live.revision !== request.aliasRevision;
  return live.version !== request.fromVersion || live.revision !== request.aliasRevision;
}

export function tooLate(request: ChangeRequest, now: Date): string {
  const at = request.endedAt ?? request.approvedAt;
  const by = request.endedBy && byPeople.has(request.state) ? ` by <@${request.endedBy}>` : '';
  return `${nameOf(request)} was already ${stateWords[request.state]}${by}${at ? `; that was ${ago(at, now)}` : ''}.`;
}

/** Ended by somebody; the others by the clock, the executor or what was seen. */
const byPeople = new Set<RequestState>(['rejected', 'withdrawn', 'superseded', 'revoked']);

const stateWords: Readonly<Record<RequestState, string>> = {
  requested: 'asked for',
  approved: 'approved',
  executing: 'approved and is being carried out',
  unclear: 'approved and carried out, and nobody can read yet whether it worked',
  moved: 'approved and carried out',
  done: 'completed',
  failed: 'tried and failed',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  expired: 'over: it expired without a decision',
  stale: 'overtaken: something changed meanwhile',
  superseded: 'replaced by a newer one',
  revoked: 'approved, and the approval was taken back',
};

export function ago(at: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - at.getTime()) / 1000));
  if (seconds < 10) return 'just now';
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

/** How many reminders a review should have had by now. */
export function remindersDue(brokenAt: Date, now: Date): number {
  return reviewReminders.filter((hours) => now.getTime() - brokenAt.getTime() >= hours * hourMs).length;
}

/** For the form: who else is needed. */
export function neededWords(labels: readonly string[]): string {
  return labels.length === 1
    ? 'A second person has to approve'
    : `${labels.length} other people have to approve (${labels.join(', and ')})`;
}
