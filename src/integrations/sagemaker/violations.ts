import { z } from 'zod';
import type { HeardFinding, HeardReport } from '../../features/sources/heard.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
import { pythonJson } from '../../lib/python-json.ts';
import { numbersIn } from './description.ts';

const Violation = z.object({
  constraint_check_type: z.string().min(1),
  description: z.string().nullish(),
  feature_name: z.string().nullish(),
  /** Monitors of quality and bias name a metric, and the group of people instead of a feature. */
  metric_name: z.string().min(1).nullish(),
  facet: z.string().nullish(),
});
const Violations = z.object({ violations: z.array(Violation) });

/**
 * Reads the `constraint_violations.json` of SageMaker Model Monitor. It lists only what is wrong, so whatever a file
 * does not name is well.
 */
export function readSageMaker(body: string | Uint8Array): readonly HeardReport[] {
  const { violations } = parsedAs(Violations, pythonJson(body), 'a file of violations of SageMaker');
  return [
    {
      kind: 'report',
      namesOnlyWrong: true,
      findings: violations.map(findingOf),
      measures: [],
    },
  ];
}

function findingOf(violation: z.output<typeof Violation>): HeardFinding {
  const check = violation.constraint_check_type.replace(/_check$/, '');
  const method = violation.metric_name ?? check;
  const { score, limit, direction } = numbersIn(violation.description ?? '', check);
  return {
    column: violation.feature_name ?? violation.facet ?? '',
    method,
    label: method.replaceAll('_', ' '),
    score,
    limit,
    direction,
    drifted: true,
  };
}
