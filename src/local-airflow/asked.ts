import { type Answer, no } from './checks.ts';

/** One call, as far as the answer depends on it. */
export interface Asked {
  readonly method: string;
  /** Below /api/v2 or /api/v1, each part unescaped. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** undefined: it was no JSON. */
  readonly body: unknown;
  readonly user: string;
}

type Named = Readonly<Record<string, string>>;
type Handler = (asked: Asked, named: Named) => Answer;
export interface Route {
  readonly method: string;
  /** `dags/:dag/dagRuns`; what begins with a colon is named. */
  readonly pattern: string;
  readonly handle: Handler;
}

/** The handler for a call, with what its path names; else the status to answer with. */
export function routed(routes: readonly Route[], asked: Asked): Answer | { readonly wrong: 404 | 405 } {
  const fitting = routes.flatMap((route) => {
    const named = namedBy(route.pattern, asked.path);
    return named ? [{ route, named }] : [];
  });
  const found = fitting.find(({ route }) => route.method === asked.method);
  if (found) return found.route.handle(asked, found.named);
  return { wrong: fitting.length > 0 ? 405 : 404 };
}

function namedBy(pattern: string, path: readonly string[]): Named | undefined {
  const parts = pattern.split('/');
  if (parts.length !== path.length) return undefined;
  const named: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    const given = path[i] ?? '';
    if (part.startsWith(':')) named[part.slice(1)] = given;
    else if (part !== given) return undefined;
  }
  return named;
}

/** One page of a list, by `limit` and `offset`. */
export function paged<Item>(list: readonly Item[], query: Named): { page: readonly Item[]; wrong?: Answer } {
  const { limit = '50', offset = '0' } = query;
  const bad = Object.entries({ limit, offset }).find(([, value]) => !/^\d+$/.test(value));
  if (bad) {
    const msg = 'Input should be a valid integer, unable to parse string as an integer';
    return { page: [], wrong: no(422, [{ type: 'int_parsing', loc: ['query', bad[0]], msg, input: bad[1] }]) };
  }
  return { page: list.slice(Number(offset), Number(offset) + Math.min(Number(limit), 100)) };
}
