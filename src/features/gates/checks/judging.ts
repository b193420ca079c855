import type { Check, Result } from '../schema.ts';
import { fingerprint } from './hashing.ts';
import { judgeDrift, judgeExternal, judgeInfra, judgeManual, judgeSoak } from './kinds.ts';
import type { Judged, Material } from './material.ts';
import { judgeMetric } from './metric.ts';
import { printCheck } from './printing.ts';

/** By this a button, an answer and a later evaluation mean the same check. */
export function keyOf(check: Check): string {
  return fingerprint(check).slice(0, 16);
}

/** What becomes of each check. A version that the registry does not have is judged no further. */
export function judge(checks: readonly Check[], material: Material): Result[] {
  const unregistered = registered(material);
  if (unregistered?.outcome === 'fail') return [unregistered];
  const results = checks.map((check): Result => {
    const { todo, ...judged } = judgeOne(check, material);
    const outcome = judged.outcome === 'missing' && !check.required ? 'skipped' : judged.outcome;
    const about = { key: keyOf(check), check, line: printCheck(check), required: check.required };
    return { ...about, ...judged, outcome, ...(todo !== undefined && { todo }) };
  });
  return unregistered ? [unregistered, ...results] : results;
}

function registered({ said, version, model }: Material): Result | undefined {
  if (said.registry === null || said.candidate) return undefined;
  const about = {
    key: 'registered',
    check: null,
    line: `version ${version} exists in ${said.registry}`,
    required: true,
  };
  return said.trouble === null
    ? {
        ...about,
        outcome: 'fail',
        failed: ['no_version'],
        because: `${said.registry} has no version ${version} of ${model}`,
        todo: 'If it was deleted, register a new version and check that one',
        used: {},
      }
    : {
        ...about,
        outcome: 'inconclusive',
        failed: ['registry_silent'],
        because: said.trouble,
        todo: 'Check again when it answers',
        used: {},
      };
}

function judgeOne(check: Check, material: Material): Judged {
  switch (check.kind) {
    case 'metric':
      return judgeMetric(check, material);
    case 'drift':
      return judgeDrift(check, material);
    case 'external':
      return judgeExternal(check, material);
    case 'infra':
      return judgeInfra(check, material);
    case 'soak':
      return judgeSoak(check, material);
    case 'manual':
      return judgeManual(check, material);
  }
}

/** The gate passes only if no check that is required is other than passed. */
export function overall(results: readonly Pick<Result, 'required' | 'outcome'>[]): 'pass' | 'fail' {
  return results.every(({ required, outcome }) => !required || outcome === 'pass') ? 'pass' : 'fail';
}

/** What the results stand on. Windows of drift and hours pass by: only what follows from them counts. */
export function evidenceHash(results: readonly Result[]): string {
  return fingerprint(results.map((result) => [result.key, result.outcome, isPassing(result) ? null : result.used]));
}

const isPassing = ({ check }: Result) => check?.kind === 'drift' || check?.kind === 'soak';

/** What a decision is bound to. */
export function decisionHash(of: {
  version: string;
  baseline: string | null;
  specHash: string;
  evidenceHash: string;
}): string {
  const { version, baseline, specHash, evidenceHash: evidence } = of;
  return fingerprint({ version, baseline, specHash, evidence });
}

/** The lines of which something else is known now than then. */
export function changedLines(then: readonly Result[], now: readonly Result[]): string[] {
  const before = new Map(then.map((result) => [result.key, evidenceHash([result])]));
  return now.filter((result) => before.get(result.key) !== evidenceHash([result])).map(({ line }) => line);
}
