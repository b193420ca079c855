import { Refusal } from '../../lib/refusal.ts';
import { limits } from '../../slack/limits.ts';
import type { Incident, Severity } from './schema.ts';

export const severityWords: Readonly<Record<Severity, string>> = {
  sev1: 'SEV1, people outside the team are harmed now',
  sev2: 'SEV2, predictions are wrong or late',
  sev3: 'SEV3, degraded, with a workaround',
};

export function mayResolve(incident: Incident): void {
  if (incident.state === 'resolved') throw new Refusal(alreadyResolved(incident));
}

export function mayReopen(incident: Incident): void {
  if (incident.state !== 'resolved') throw new Refusal(`Incident ${incident.number} is still open.`);
}

export function mayTakeCommand(incident: Incident, by: string): void {
  if (incident.state === 'resolved') throw new Refusal(alreadyResolved(incident));
  if (incident.commander === by) throw new Refusal(`You already lead incident ${incident.number}.`);
}

function alreadyResolved({ number, resolvedBy }: Incident): string {
  return `Incident ${number} was already resolved by <@${resolvedBy}>.`;
}

/** Slack allows lower case letters, digits, - and _, 80 at most: "inc-7-churn-model". */
export function channelName(number: number, model: string): string {
  const slug = model
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `inc-${number}-${slug}`.slice(0, limits.channelName).replace(/-$/, '');
}
