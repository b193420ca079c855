import { Refusal } from '../../lib/refusal.ts';
import type { Access, Pipelines } from '../../ports.ts';

export function kubeflowPipelines(access: Access): Pipelines {
  throw new Refusal(`not built yet: ${access.url}`);
}
