import { z } from 'zod';
import type { Context } from '../../context.ts';
import { Readings, takeReadings } from '../../features/drift/intake.ts';
import { findingsOf, PostedReport } from '../../features/drift/verdicts.ts';
import { modelById } from '../../features/models/queries.ts';
import type { HeardReport } from '../../features/sources/heard.ts';
import { pythonJson } from '../../lib/python-json.ts';
import { parseOrRefuse, Refusal } from '../../lib/refusal.ts';
import type { About, From, Taken } from '../take-heard.ts';

export interface PlainReadings {
  readonly kind: 'readings';
  readonly items: readonly unknown[];
}

/** Our own form: readings as POST /api/v1/readings takes them, or what a tool judged over one window. */
export function readPlainJson(body: string | Uint8Array): PlainReadings | HeardReport {
  const value = pythonJson(body);
  const isReport = z.object({ findings: z.unknown() }).safeParse(value).data?.findings !== undefined;
  if (!isReport) return { kind: 'readings', items: parseOrRefuse(z.object({ body: Readings }), { body: value }).body };
  const report = parseOrRefuse(PostedReport, value);
  const { drifted, model, environment, at, rows, measures } = report;
  return {
    kind: 'report',
    ...(model !== undefined && { model }),
    ...(environment !== undefined && { environment }),
    ...(at && { at }),
    ...(rows !== undefined && { rows }),
    ...(drifted !== undefined && { datasetDrifted: drifted }),
    findings: findingsOf(report),
    measures,
  };
}

const Item = z.record(z.string(), z.unknown());

/** Readings of a connected tool may leave out what the address says, or what it was connected for. */
export async function takePlainReadings(
  ctx: Context,
  { source, items, about }: { source: From; items: readonly unknown[]; about: About },
): Promise<Taken> {
  const fallback = source.modelId ? (await modelById(ctx, source.modelId)).name : undefined;
  const said = { model: about.model, environment: about.environment, at: about.at?.toISOString(), rows: about.rows };
  const placed = items.map((item) => {
    const { success, data } = Item.safeParse(item);
    return success ? { ...given({ model: fallback, environment: source.environment }), ...data, ...given(said) } : item;
  });
  if (!placed.some((item) => Item.safeParse(item).data?.['model'] !== undefined)) {
    throw new Refusal(
      'Say which model these are about: "model" in every reading, ?model=<name> in the address, or `/ml connect json <name>`.',
      { field: 'model' },
    );
  }
  const outcome = await takeReadings(ctx, placed);
  const [first] = outcome.rejected;
  if (first && outcome.accepted === 0) throw refusalOf(first.reason);
  return outcome;
}

/** "model: no model is registered …" */
function refusalOf(reason: string): Refusal {
  const [, field = 'body', words = reason] = /^([^:]+): (.*)$/s.exec(reason) ?? [];
  return new Refusal(words, { field });
}

function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}
