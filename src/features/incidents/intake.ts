import { z } from 'zod';
import { type Context, within } from '../../context.ts';
import { batchOf, byIndex, isAhead, keptText, parseEach, type Rejected } from '../../lib/batch.ts';
import { modelsNamed } from '../models/queries.ts';
import { liveVersion } from '../releases/store.ts';
import { declare } from './declaring/changes.ts';
import { realOne } from './drills/changes.ts';
import { incidentKinds, severities } from './schema.ts';

export const Incidents = batchOf('incidents', 'incident');

const time = z.iso.datetime({ offset: true }).transform((said) => new Date(said));
const Reported = z.object({
  model: keptText(200),
  title: keptText(120),
  /** What is the same has the same key: while one is open, another report of it is added there. */
  dedupe_key: keptText(200),
  severity: z.enum(severities).default('sev2'),
  kind: z.enum(incidentKinds).default('incident'),
  /** Somebody has to look first. */
  suspected: z.boolean().default(false),
  summary: z.string().trim().max(3000).default(''),
  evidence: z.string().trim().max(2000).default(''),
  onset: time.optional(),
  detected_at: time.optional(),
  by: keptText(200).default('api'),
});

export interface Taken {
  readonly accepted: number;
  readonly rejected: readonly Rejected[];
  /** In the order of what was accepted; `new`: it was not open before. */
  readonly incidents: readonly { readonly number: number; readonly new: boolean }[];
}

/** What names no model of ours, or lies in the future, is rejected by its field; the others are declared. */
export function takeIncidents(ctx: Context, items: readonly unknown[]): Promise<Taken> {
  return within(ctx, async (ctx) => {
    const { good, rejected } = parseEach(Reported, items, 'incident');
    const models = await modelsNamed(
      ctx,
      good.map(({ said }) => said.model),
    );
    const incidents: { number: number; new: boolean }[] = [];
    for (const { index, said } of good) {
      const model = models.get(said.model.toLowerCase());
      const late = [said.onset, said.detected_at].find((at) => at && isAhead(at, ctx.now()));
      if (!model || late) {
        const reason = model
          ? `${late === said.onset ? 'onset' : 'detected_at'}: lies in the future`
          : `model: no model is registered under the name "${said.model}"`;
        rejected.push({ index, reason });
        continue;
      }
      const real = said.kind === 'drill' ? await realOne(ctx, model.id) : undefined;
      if (real) {
        const reason = `kind: incident ${real.number} on this model is real and goes on; rehearse when it is over`;
        rejected.push({ index, reason });
        continue;
      }
      const { title, severity, kind, summary, evidence, suspected, by } = said;
      const live = await liveVersion(ctx, model.id, model.environment);
      const times = { onset: said.onset, detectedAt: said.detected_at };
      const what = { title, severity, kind, summary, evidence, isSuspected: suspected, dedupeKey: said.dedupe_key };
      const { incident, isNew } = await declare(
        ctx,
        { modelId: model.id, version: live?.version ?? null, ...what, ...times },
        by,
      );
      incidents.push({ number: incident.number, new: isNew });
    }
    return { accepted: incidents.length, rejected: rejected.toSorted(byIndex), incidents };
  });
}
