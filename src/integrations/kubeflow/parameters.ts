import { z } from 'zod';
import type { RunParams } from '../../ports.ts';

const Root = z.object({
  root: z.object({
    inputDefinitions: z
      .object({ parameters: z.record(z.string(), z.object({ parameterType: z.string().default('') })).default({}) })
      .default({ parameters: {} }),
  }),
});
/** With settings of the platform the pipeline stands one level lower. */
const Specification = z.union([Root, z.object({ pipeline_spec: Root }).transform((both) => both.pipeline_spec)]);

/**
 * Kubeflow converts nothing, and what people type is text: it becomes what the pipeline declares. What cannot, or is
 * not declared, goes as it is, and Kubeflow says what is wrong with it.
 */
export function fittedTo(specification: unknown, params: RunParams): Record<string, RunParams[string]> {
  const declared = Specification.safeParse(specification).data?.root.inputDefinitions.parameters ?? {};
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, fitted(value, declared[name]?.parameterType ?? '')]),
  );
}

function fitted(value: RunParams[string], type: string): RunParams[string] {
  if (type === 'STRING' && typeof value !== 'object') return String(value);
  if (typeof value !== 'string') return value;
  const text = value.trim();
  switch (type) {
    case 'NUMBER_INTEGER':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : value;
    case 'NUMBER_DOUBLE':
      return /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : value;
    case 'BOOLEAN':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : value;
    case 'LIST':
      return text === '' ? [] : text.split(',').map((each) => each.trim());
    default:
      return value;
  }
}
