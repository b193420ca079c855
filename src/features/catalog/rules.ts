import { Refusal } from '../../lib/refusal.ts';
import type { Standing } from '../../ports.ts';
import { linkKinds, type Links, type Model, type Tier } from '../models/schema.ts';
import type { Proposal, Wanted } from './schema.ts';

/** A model as some catalog describes it. What the catalog does not say is left out. */
export interface Described {
  readonly name: string;
  readonly description: string;
  /** The name of a team or of a person there; to us a hint. */
  readonly owner: string;
  /** A Slack id. */
  readonly ownerId?: string;
  readonly registryName?: string;
  readonly tier?: Tier;
  readonly links: Links;
}

/** Only what the catalog says, and says otherwise. `team`: ours, if it names one that we know. */
export function wantedOf(
  model: Model,
  there: Described,
  team: { readonly id: string; readonly name: string } | undefined,
): Wanted {
  const links = { ...model.links, ...there.links };
  return {
    ...(team && team.id !== model.teamId && { team: { id: team.id, name: team.name } }),
    ...(there.tier && there.tier !== model.tier && { tier: there.tier }),
    ...(there.description !== '' && there.description !== model.description && { description: there.description }),
    ...(there.registryName && there.registryName !== model.registryName && { registryName: there.registryName }),
    ...(linkWords(links) !== linkWords(model.links) && { links }),
  };
}

export function isNothing(wanted: Wanted): boolean {
  return Object.keys(wanted).length === 0;
}

/** The database keeps no order of keys. */
export function isSame(a: Wanted, b: Wanted): boolean {
  return words(a) === words(b);
}

function words({ team, tier, description, registryName, links }: Wanted): string {
  return JSON.stringify([team?.id, tier, description, registryName, links && linkWords(links)]);
}

export function linkWords(links: Links): string {
  return linkKinds.flatMap((kind) => (links[kind] ? [`${kind} ${links[kind]}`] : [])).join(', ');
}

/** Whoever answers a proposal, as our own records say at this moment. */
export interface Answerer {
  readonly standing: Standing | undefined;
  readonly isOwner: boolean;
  readonly isLead: boolean;
}

export function mayAnswer({ state }: Proposal, who: Answerer, name: string): void {
  if (state !== 'open') throw new Refusal(`This was ${state === 'kept' ? 'kept as it is' : 'accepted'} already.`);
  if (who.standing !== 'member' || !(who.isOwner || who.isLead))
    throw new Refusal(`Only the owner of ${name}, or the lead of its team, decides this.`);
}
