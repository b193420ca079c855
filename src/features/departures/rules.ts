import type { Handover } from '../handovers/schema.ts';
import type { Model } from '../models/schema.ts';
import type { Team } from '../teams/schema.ts';

/** What somebody who left held in a team, as it stands now. */
export interface Estate {
  readonly team: Team;
  readonly gone: string;
  readonly toldId: string | null;
  readonly isBack: boolean;
  /** Models they owned when they left. */
  readonly owned: readonly Model[];
  readonly deputised: readonly Model[];
  /** Who is being asked, by model. */
  readonly asked: ReadonlyMap<string, Handover>;
}

export function needsOwner(model: Model, { gone }: Pick<Estate, 'gone'>): boolean {
  return model.retiredAt === null && model.ownerId === gone;
}

export function needsDeputy(model: Model, { gone }: Pick<Estate, 'gone'>): boolean {
  return model.retiredAt === null && (model.deputyId === gone || model.deputyId === null);
}

/** Everything has a new holder, or they are back. */
export function isSettled(estate: Estate): boolean {
  if (estate.isBack) return true;
  return (
    estate.team.leadId !== estate.gone &&
    !estate.owned.some((model) => needsOwner(model, estate)) &&
    !estate.deputised.some((model) => needsDeputy(model, estate))
  );
}

export interface Listeners {
  readonly lead: string | undefined;
  readonly deputies: readonly string[];
  /** Everybody of the team who counts. */
  readonly inside: readonly string[];
  readonly away: readonly string[];
}

/** The lead hears of it, away or not; without one, somebody who is there. */
export function tellWhom({ lead, deputies, inside, away }: Listeners): string | undefined {
  if (lead !== undefined) return lead;
  const order = [...deputies.filter((id) => inside.includes(id)), ...inside];
  return order.find((id) => !away.includes(id)) ?? order[0];
}
