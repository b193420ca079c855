import { type Context, within } from '../../../context.ts';
import { nextNumber } from '../../installations/store.ts';
import { openAgain } from '../changes.ts';
import { endDrills } from '../drills/changes.ts';
import { freeze } from '../frozen/changes.ts';
import { keepFurtherModels } from '../models/changes.ts';
import { justResolved, openWithKey } from '../queries.ts';
import { flapMs, keyOf, nextAsk } from '../rules.ts';
import { type Incident, type IncidentKind, incidents, type Severity } from '../schema.ts';
import { change, note, setMilestone, tell } from '../store.ts';
import { keepPeople } from '../visibility/changes.ts';

export interface Declaration {
  readonly modelId: string;
  /** Others that are affected, too. */
  readonly furtherModels?: readonly string[];
  readonly kind?: IncidentKind;
  /** Not sure yet: it waits in triage until somebody confirms it. */
  readonly isSuspected?: boolean;
  /** Only these and whoever declares it see it: anywhere, for good. */
  readonly onlyFor?: readonly string[] | undefined;
  readonly title: string;
  readonly summary: string;
  readonly severity: Severity;
  readonly version: string | null;
  readonly alertId?: string;
  readonly dedupeKey?: string;
  readonly evidence: string;
  /** When it began, where anybody or anything knows: never taken from when it was declared. */
  readonly onset?: Date | undefined;
  /** When a machine or a person first saw it; now unless said. */
  readonly detectedAt?: Date | undefined;
  /** Somebody took the alert before it was declared. */
  readonly taken?: { readonly at: Date; readonly by: string } | undefined;
}

interface Declared {
  readonly incident: Incident;
  /** False: the same was open already, and this report was added to it. */
  readonly isNew: boolean;
}

/** One open incident for a key: what is reported again is added to it, or opens it again soon after its end. */
export function declare(ctx: Context, input: Declaration, by: string): Promise<Declared> {
  return within(ctx, async (ctx) => {
    const dedupeKey = keyOf(input);
    const known = dedupeKey === undefined ? undefined : await sameAsBefore(ctx, dedupeKey, by);
    if (known) return { incident: known, isNew: false };
    const { isSuspected, detectedAt, onlyFor, taken, furtherModels = [], ...said } = input;
    const now = ctx.now();
    const kind = said.kind ?? 'incident';
    const [incident] = await ctx.db
      .insert(incidents)
      .values({
        ...said,
        dedupeKey,
        workspace: ctx.workspace,
        worst: said.severity,
        number: await nextNumber(ctx, 'incident'),
        state: isSuspected ? 'triage' : 'active',
        isPrivate: onlyFor !== undefined,
        declaredBy: by,
        declaredAt: now,
        onset: said.onset ?? detectedAt ?? now,
        askAt: kind === 'backfill' ? null : nextAsk(said.severity, false, now),
        channelStep: kind === 'backfill' ? 'unwanted' : 'wanted',
      })
      .onConflictDoNothing()
      .returning();
    if (!incident) {
      // Somebody else declared it under this key just now.
      const first = dedupeKey === undefined ? undefined : await sameAsBefore(ctx, dedupeKey, by);
      if (!first) throw new Error('the incident was not kept');
      return { incident: first, isNew: false };
    }
    if (onlyFor) await keepPeople(ctx, incident, [by, ...onlyFor], by);
    const source = input.alertId ? 'alert' : 'inferred';
    if (input.onset) await setMilestone(ctx, incident, { name: 'onset', at: input.onset, source, by });
    // What is told of the past was never meant to arrive at once, and an alert is raised by our own clock.
    const receivedAt = detectedAt && kind !== 'backfill' && !input.alertId ? now : undefined;
    await setMilestone(ctx, incident, { name: 'detected', at: detectedAt ?? now, source, by, receivedAt });
    await setMilestone(ctx, incident, { name: 'declared', at: now, source: 'system', by });
    if (taken) await setMilestone(ctx, incident, { name: 'acknowledged', source: 'alert', ...taken });
    if (kind !== 'backfill') await freeze(ctx, incident, 'declared');
    note(ctx, incident, by, 'declared', `declared incident ${incident.number}: ${incident.title}`);
    if (furtherModels.length > 0) await keepFurtherModels(ctx, incident, furtherModels, by);
    await endDrills(ctx, incident);
    return { incident: await tell(ctx, incident), isNew: true };
  });
}

async function sameAsBefore(ctx: Context, dedupeKey: string, by: string): Promise<Incident | undefined> {
  const open = await openWithKey(ctx, dedupeKey);
  if (open) return await tell(ctx, await change(ctx, open, { repeats: open.repeats + 1 }));
  const ended = await justResolved(ctx, dedupeKey, new Date(ctx.now().getTime() - flapMs));
  return ended && (await openAgain(ctx, ended, 'the same was reported again', by));
}
