import { z } from 'zod';
import { batchOf, keptText } from '../../../lib/batch.ts';
import { type Evidence, evidenceKinds } from '../schema.ts';

/** One thing that a machine found out about a version. Without an environment it counts for every gate of the model. */
export const EvidenceItem = z.object({
  model: keptText(200),
  version: z.union([z.int().min(0).transform(String), keptText(100)]),
  environment: z.string().trim().max(40).default(''),
  kind: z.enum(evidenceKinds),
  name: keptText(100),
  slice: z.union([z.string().trim().length(0), keptText(100)]).default(''),
  value: z.union([z.number(), z.boolean()]).optional(),
  status: z.string().trim().toLowerCase().min(1).max(40).optional(),
  samples: z.int().min(0).max(2_147_483_647).optional(),
  /** The digest of the data it was measured on. */
  dataset: keptText(200).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(1000)
    .optional(),
  at: z.iso
    .datetime({ offset: true, error: 'Write it like 2026-01-31T00:00:00Z.' })
    .transform((text) => new Date(text))
    .refine((at) => at.getTime() >= 0, 'lies too far back')
    .optional(),
});
export type EvidenceItem = z.infer<typeof EvidenceItem>;

export const EvidenceBatch = batchOf('evidence', 'piece of evidence');

/** As pipelines, dbt and Great Expectations call it. */
const statusWords: Readonly<Record<NonNullable<Evidence['status']>, readonly string[]>> = {
  passed: ['passed', 'pass', 'success', 'successful', 'succeeded', 'ok', 'green'],
  failed: ['failed', 'fail', 'failure', 'error', 'errored', 'cancelled', 'canceled', 'timed_out', 'red'],
  unfinished: ['unfinished', 'running', 'pending', 'queued', 'in_progress', 'skipped', 'neutral'],
};

export type Finding = Pick<Evidence, 'value' | 'status'>;

/** What it says, or what is wrong with it, beginning with the field. */
export function findingOf({ kind, name: what, value, status }: EvidenceItem): Finding | string {
  switch (kind) {
    case 'metric':
      return typeof value === 'number' ? { value, status: null } : 'value: must be a number';
    case 'infra':
      return infraFinding(what, value);
    case 'external': {
      if (status === undefined) return 'status: is missing';
      const known = Object.entries(statusWords).find(([, words]) => words.includes(status))?.[0];
      const found = z.enum(['passed', 'failed', 'unfinished']).safeParse(known);
      return found.success
        ? { value: null, status: found.data }
        : `status: say passed, failed or running, not "${status}"`;
    }
  }
}

function infraFinding(what: string, value: EvidenceItem['value']): Finding | string {
  const said = typeof value === 'boolean' ? Number(value) : value;
  if (said === undefined) return 'value: is missing';
  switch (what) {
    case 'loaded':
      return said === 0 || said === 1 ? { value: said, status: null } : 'value: is true or false';
    case 'p95_ms':
      return typeof value === 'number' && said >= 0
        ? { value: said, status: null }
        : 'value: is a number of milliseconds';
    case 'error_rate':
      return typeof value === 'number' && said >= 0 && said <= 1
        ? { value: said, status: null }
        : 'value: is a share from 0 to 1';
    default:
      return 'name: is one of loaded, p95_ms, error_rate where the kind is infra';
  }
}
