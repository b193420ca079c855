import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { Delivery, Hook } from '../../doors.ts';
import { takeReport } from '../../features/drift/intake.ts';
import { modelNamed } from '../../features/models/queries.ts';
import { parseOrRefuse, Refusal } from '../../lib/refusal.ts';
import { firstTime } from '../../messages/inbox.ts';
import { readEvidently } from './evidently.ts';

/** The report names no model, no environment and no window: the address it is posted to must. */
const Query = z.object({
  model: z.string('Say which model this report is about: ?model=<name>.').min(1),
  environment: z.string().min(1).optional(),
  window_end: z.iso
    .datetime({ offset: true, error: 'window_end has to be an instant such as 2026-01-31T00:00:00Z.' })
    .transform((text) => new Date(text))
    .optional(),
  rows: z.coerce.number('rows has to be a whole number.').int().min(0).optional(),
});

export const evidentlyHook: Hook = {
  kind: 'evidently',
  limitBytes: 5 * 1024 * 1024,
  handle: takeEvidently,
};

const clockSkewMs = 5 * 60_000;

async function takeEvidently(ctx: Context, { body, query, headers }: Delivery): Promise<unknown> {
  const said = parseOrRefuse(Query, query);
  const report = readEvidently(body);
  const model = await modelNamed(ctx, said.model);
  const environment = said.environment ?? model.environment;
  const window = said.window_end ?? report.timestamp;
  if (window && window.getTime() > ctx.now().getTime() + clockSkewMs) {
    throw new Refusal('window_end lies in the future.', { field: 'window_end' });
  }
  const key = headers['idempotency-key'] ?? digest(body, model.id, environment, window?.toISOString() ?? '');
  if (!(await firstTime(ctx, `evidently:${key}`))) {
    return {
      accepted: 0,
      duplicate: true,
      note: 'This report was stored before. Say ?window_end= to tell windows apart.',
    };
  }
  const { drifted, of, judged } = await takeReport(ctx, {
    model,
    environment,
    at: window ?? ctx.now(),
    source: 'Evidently',
    ...(said.rows !== undefined && { rows: said.rows }),
    ...(report.driftedShare && { datasetDrifted: report.driftedShare.drifted }),
    measures: [
      ...(report.driftedShare ? [{ metric: 'drifted_share', column: '', value: report.driftedShare.share }] : []),
      ...report.missing.flatMap(({ column, share }) =>
        share === null ? [] : [{ metric: 'missing_share', column, value: share }],
      ),
    ],
    findings: report.columns.map(({ column, method, methodLabel, score, threshold, direction, drifted: is }) => ({
      column,
      method,
      label: methodLabel,
      score,
      limit: threshold,
      direction,
      drifted: is,
    })),
  });
  return { accepted: of, drifted, judged };
}

function digest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part};`);
  return hash.digest('hex');
}
