import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Route = z.object({
  /** Of the official Python client. */
  sdk: z.string(),
  method: z.enum(['GET', 'POST']),
  path: z.string(),
  query: z.array(z.string()),
  body: z.string().optional(),
  answer: z.string(),
});
const Shapes = z.object({
  routes: z.array(Route),
  shapes: z.record(z.string(), z.record(z.string(), z.string())),
  words: z.record(z.string(), z.array(z.string())),
});
export type Route = z.infer<typeof Route>;

/** The few routes that we use, as the public description of the API has them; test/real holds it against the client. */
export const published = Shapes.parse(
  JSON.parse(readFileSync(new URL('kubeflow-shapes.json', import.meta.url), 'utf8')),
);

interface Match {
  readonly route: Route;
  /** What stands in the place of `{run_id}` or its like. */
  readonly id: string;
}

export function routeOf(method: string, path: string): Match | undefined {
  for (const route of published.routes) {
    const pattern = new RegExp(`^${route.path.replace(/\{\w+\}/, '([^/:]+)')}$`);
    const found = route.method === method ? pattern.exec(path) : null;
    if (found) return { route, id: decodeURIComponent(found[1] ?? '') };
  }
  return undefined;
}

const Fields = z.record(z.string(), z.unknown());

/** The first thing that is not as the shape has it; undefined where there is none. */
export function misfit(type: string, value: unknown, at = ''): string | undefined {
  const list = /^list\[(\w+)\]$/.exec(type)?.[1];
  if (list !== undefined) {
    if (!Array.isArray(value)) return `${at} is no list`;
    return value.map((each, i) => misfit(list, each, `${at}[${i}]`)).find((each) => each !== undefined);
  }
  const words = published.words[type];
  if (words) return words.some((each) => each === value) ? undefined : `${at} is no ${type}`;
  const shape = published.shapes[type];
  if (!shape) return isPlain(type, value) ? undefined : `${at} is no ${type}`;
  const fields = Fields.safeParse(value);
  if (!fields.success) return `${at} is no ${type}`;
  for (const [name, each] of Object.entries(fields.data)) {
    const of = shape[name];
    if (of === undefined) return `unknown field "${name}"${at && ` in ${at}`}`;
    const problem = misfit(of, each, `${at}.${name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isPlain(type: string, value: unknown): boolean {
  switch (type) {
    case 'str':
      return typeof value === 'string';
    case 'int':
      return Number.isInteger(value);
    case 'datetime':
      return z.iso.datetime({ offset: true }).safeParse(value).success;
    default:
      return Fields.safeParse(value).success;
  }
}
