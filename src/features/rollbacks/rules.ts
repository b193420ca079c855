import { Refusal } from '../../lib/refusal.ts';
import type { Standing } from '../../ports.ts';
import type { LiveVersion } from '../releases/schema.ts';
import type { Rollback, RollbackState } from './schema.ts';

/** A request nobody decides within a day is no longer what anybody meant. */
export const openForMs = 24 * 3_600_000;
/** The executor has this long before another may take over with the same goal. */
export const leaseMs = 60_000;

export const openStates = ['requested', 'approved', 'executing'] as const satisfies readonly RollbackState[];

export interface Request {
  readonly toVersion: string;
  readonly reason: string;
}

export function mayRequest(live: LiveVersion | undefined, { toVersion }: Request): LiveVersion {
  if (!live) {
    throw new Refusal(
      'I do not know which version is live, so I cannot say what to go back from. Is the registry connected?',
    );
  }
  if (toVersion === live.version) {
    throw new Refusal(`Version ${toVersion} is the live one. Choose another.`, { field: 'toVersion' });
  }
  return live;
}

/** Whoever decides, as our own records say at this moment. */
export interface Voter {
  readonly id: string;
  readonly standing: Standing | undefined;
  /** An active member of the owning team. */
  readonly inTeam: boolean;
  /** The model's owner or deputy, the team's lead, or named for the duty of approving. */
  readonly entitled: boolean;
  /** What they did for the live version that their team keeps apart from approving, in words. */
  readonly apartFrom: string | undefined;
}

/** Two pairs of eyes: someone entitled, and never the person who asked. */
export function mayDecide(rollback: Rollback, voter: Voter, now: Date): void {
  if (rollback.state !== 'requested') throw new Refusal(tooLate(rollback, now));
  if (voter.id === rollback.requestedBy) {
    throw new Refusal('You asked for this rollback, so someone else has to approve it. You can withdraw it.');
  }
  mayAct(voter);
}

/** Entitled on paper is not enough: deactivated, guest and foreign people decide nothing, nor who left the team. */
export function mayAct(voter: Voter): void {
  switch (voter.standing) {
    case 'member':
      break;
    case 'deactivated':
      throw new Refusal('This Slack account is deactivated, so it cannot approve anything.');
    case 'guest':
    case 'foreign':
      throw new Refusal('Guests and people of other workspaces cannot decide about a rollback.');
    case 'bot':
    case undefined:
      throw new Refusal('I do not know you as a member of this workspace, so I cannot count your decision.');
  }
  if (!voter.inTeam)
    throw new Refusal('You are no longer in the team that owns this model, so you cannot decide this.');
  if (!voter.entitled) {
    throw new Refusal(
      "Only the model's owner, its deputy or the team's lead can decide this, and whoever is named for it. I did not count your click.",
    );
  }
  if (voter.apartFrom !== undefined) {
    throw new Refusal(
      `Your team keeps two duties apart: to approve a rollback, and to ${voter.apartFrom}. You did that for the live version, so somebody else decides.`,
    );
  }
}

export function mayWithdraw(rollback: Rollback, by: string, now: Date): void {
  if (rollback.state !== 'requested') throw new Refusal(tooLate(rollback, now));
  if (by !== rollback.requestedBy) throw new Refusal('Only the person who asked can withdraw it. You can reject it.');
}

/** The approval was for exactly this: from this version, before any later move of the alias. */
export function isStale(rollback: Rollback, live: LiveVersion | undefined): boolean {
  return !live || live.version !== rollback.fromVersion || live.revision !== rollback.aliasRevision;
}

export function tooLate(rollback: Rollback, now: Date): string {
  const at = rollback.endedAt ?? rollback.approvedAt;
  const by = rollback.endedBy ? ` by <@${rollback.endedBy}>` : '';
  return `Rollback ${rollback.number} was already ${stateWords[rollback.state]}${by}${at ? `; that was ${ago(at, now)}` : ''}.`;
}

const stateWords: Readonly<Record<RollbackState, string>> = {
  requested: 'asked for',
  approved: 'approved',
  executing: 'approved and is being carried out',
  alias_moved: 'approved and its alias moved',
  rolled_back: 'completed',
  failed: 'tried and failed',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  expired: 'left without a decision and expired',
  stale: 'overtaken: the live version changed meanwhile',
};

function ago(at: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - at.getTime()) / 1000));
  if (seconds < 10) return 'just now';
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}
