import type { Postmortem } from '../../postmortems/schema.ts';
import type { Incident } from '../../incidents/schema.ts';
import { Refusal } from '../../../lib/refusal.ts';

/** A canvas stands in the incident's own channel: who may see the incident may see it, and nobody else. */
export function mayHaveCanvas({ number, channel }: Incident, { state }: Pick<Postmortem, 'state'>): string {
  if (state === 'not_required')
    throw new Refusal(`Incident ${number} needs no post-mortem, so there is nothing to show.`);
  if (channel === null)
    throw new Refusal(
      `Incident ${number} has no channel of its own yet, and a canvas stands in one. \`/ml postmortem export ${number}\` gives it to you as a file.`,
    );
  return channel;
}

export type CanvasTrouble = 'plan' | 'off' | 'scope' | 'channel' | 'gone' | 'open' | 'unsure' | 'other';

/** What the codes of Slack mean to whoever asked. */
export function troubleOf(code: string): CanvasTrouble {
  if (/team_tier|free_team|free_plan/.test(code)) return 'plan';
  if (/disabled|restricted_action|not_allowed|no_permission|access_denied/.test(code)) return 'off';
  if (code === 'missing_scope') return 'scope';
  if (/^(channel_not_found|not_in_channel|is_archived)$/.test(code)) return 'channel';
  if (/^canvas_(not_found|deleted)$/.test(code)) return 'gone';
  return 'other';
}
