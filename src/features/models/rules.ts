import { Refusal } from '../../lib/refusal.ts';
import { linkKinds, type Links, type Model } from './schema.ts';

export const modelsOnPage = 20;

const dayMs = 86_400_000;
/** After so many days an owner is asked whether all is still true. */
export const confirmDays = 90;
/** And once more after these. */
export const remindDays = 14;

export function isStale(model: Pick<Model, 'confirmedAt'>, now: Date): boolean {
  return now.getTime() - model.confirmedAt.getTime() > confirmDays * dayMs;
}

/** Reads one address a line, "runbook https://…"; only https, so that nobody is led astray. */
export function readLinks(text: string, field = 'links'): Links {
  const links: Record<string, string> = {};
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue;
    const [kind = '', address = ''] = line.split(/\s+/, 2);
    if (!linkKinds.some((each) => each === kind.toLowerCase()))
      throw new Refusal(`"${kind}" is none of ${linkKinds.join(', ')}.`, { field });
    if (!URL.canParse(address) || new URL(address).protocol !== 'https:')
      throw new Refusal(`After "${kind}" comes an address that begins with https://.`, { field });
    links[kind.toLowerCase()] = address;
  }
  return links;
}

export function linkLines(links: Links): string {
  return linkKinds.flatMap((kind) => (links[kind] ? [`${kind} ${links[kind]}`] : [])).join('\n');
}

/** Names of places as people write them: "production, staging". The first is the main one. */
export function readEnvironments(text: string): string[] {
  const names = [...new Set(text.split(',').map((each) => each.trim().toLowerCase()))].filter((name) => name !== '');
  if (names.length === 0) throw new Refusal('Name at least one, for example production.', { field: 'environments' });
  const odd = names.find((name) => !/^[a-z0-9][a-z0-9._-]{0,39}$/.test(name));
  if (odd)
    throw new Refusal(`"${odd}" is no name of an environment: letters, digits, dots and dashes.`, {
      field: 'environments',
    });
  return names;
}

export function checkDeputy(ownerId: string, deputyId: string | null): void {
  if (deputyId === ownerId)
    throw new Refusal('The deputy stands in for the owner, so it has to be somebody else.', { field: 'deputyId' });
}
