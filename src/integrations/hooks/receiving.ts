import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { Delivery, Hook } from '../../doors.ts';
import { noteRefused, noteTaken } from '../../features/sources/changes.ts';
import { kindsOf } from '../../features/sources/kinds.ts';
import type { Source } from '../../features/sources/schema.ts';
import { parseOrRefuse, Refusal } from '../../lib/refusal.ts';
import { firstTime } from '../../messages/inbox.ts';
import { type About, type From, takeHeard, type Taken } from '../take-heard.ts';
import type { Entry } from './entries.ts';
import { short } from './keys.ts';
import { takePlainReadings } from './plain-json.ts';
import { proven } from './proving.ts';

/** No database takes it; an escaped backslash before it is another thing. */
const holdsNul = /\0|(?<!\\)(?:\\\\)*\\u0000/;
const nameOf = (what: string) =>
  z
    .string()
    .min(1, `Say which ${what}: ?${what}=<name>.`)
    .max(200)
    .regex(/^[^\0]*$/, `${what} is no name.`)
    .optional();

const Query = z
  .object({
    model: nameOf('model'),
    environment: nameOf('environment'),
    window_end: z.iso
      .datetime({ offset: true, error: 'window_end has to be an instant such as 2026-01-31T00:00:00Z.' })
      .transform((text) => new Date(text))
      .optional(),
    rows: z.coerce.number('rows has to be a whole number.').int('rows has to be a whole number.').min(0).optional(),
  })
  .transform(({ model, environment, window_end: at, rows }): About => ({
    ...(model !== undefined && { model }),
    ...(environment !== undefined && { environment }),
    ...(at && { at }),
    ...(rows !== undefined && { rows }),
  }));

/** What is done with a delivery of this tool; without a source it came with the API token. */
export function receiving(entry: Entry, source?: Source): Hook {
  const sourceId = source?.id ?? null;
  const { limitBytes, proof } = kindsOf[entry.kind];
  return {
    kind: entry.kind,
    limitBytes,
    ...(source && proof !== 'bearer' && { prove: (ctx, delivery) => proven(ctx, proof, source, delivery) }),
    handle: (ctx, delivery) => receive(ctx, entry, source, delivery),
    refused: (ctx, { raw }, problem) => noteRefused(ctx, { sourceId, problem }, raw),
  };
}

async function receive(ctx: Context, entry: Entry, source: Source | undefined, delivery: Delivery): Promise<object> {
  const about = parseOrRefuse(Query, delivery.query);
  if (holdsNul.test(delivery.body)) throw new Refusal('The body holds the character \\u0000.', { field: 'body' });
  const from = fromOf(entry, source);
  const sourceId = source?.id ?? null;
  const { said, key } = readOrRefuse(entry, delivery, ctx.now());
  if (key !== undefined && !(await firstTime(ctx, `hook:${from.key}:${short(key)}`))) {
    await noteTaken(ctx, 'duplicate', { sourceId });
    const note = 'This came before and was taken then. Say ?window_end= to tell windows apart.';
    return { accepted: 0, duplicate: true, note };
  }
  const isPlain = 'kind' in said;
  const taken = isPlain
    ? await takePlainReadings(ctx, { source: from, items: said.items, about })
    : await takeHeard(ctx, { source: from, heard: said, about });
  const count = isPlain ? taken.accepted : said.length;
  await noteTaken(ctx, taken.duplicate ? 'duplicate' : 'taken', { sourceId, said: count, problem: problemOf(taken) });
  return taken;
}

/** A reader refuses in words; what slips through its own schemas is the sender's shape as well. */
function readOrRefuse(entry: Entry, delivery: Delivery, now: Date) {
  try {
    return { said: entry.read(delivery, now), key: entry.key(delivery) };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issue = error.issues[0];
    throw new Refusal(issue?.message ?? 'It cannot be read.', { field: issue?.path.join('.') || 'body' });
  }
}

function fromOf({ kind }: Entry, source: Source | undefined): From {
  const { label } = kindsOf[kind];
  return {
    key: source?.id ?? kind,
    label,
    kind,
    modelId: source?.modelId ?? null,
    environment: source?.environment ?? null,
  };
}

function problemOf({ rejected }: Taken): string {
  const [first] = rejected ?? [];
  return first && rejected ? `${rejected.length} of them could not be taken; the first: ${first.reason}` : '';
}
