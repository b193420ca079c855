import { z } from 'zod';
import type { KeptWrite } from './writes.ts';

/** One look of a message or view, however often it was written. */
export interface Item {
  readonly id: string;
  readonly feature: string;
  readonly kind: KeptWrite['kind'];
  readonly write: KeptWrite;
  readonly methods: readonly string[];
  readonly tests: readonly string[];
  readonly times: number;
}

const kinds: readonly KeptWrite['kind'][] = ['message', 'ephemeral', 'modal', 'home'];

/** What was taken, each look once, by feature and kind. */
export function itemsOf(writes: readonly KeptWrite[]): Item[] {
  const taken = writes.filter(({ kept }) => kept !== undefined);
  const looks = Map.groupBy(taken, (write) => `${write.kind} ${shapeOf(write)}`);
  const found = [...looks.values()].flatMap((same) => {
    const write = same.find(({ pictures }) => Object.keys(pictures).length > 0) ?? same[0];
    if (!write) return [];
    const methods = [...new Set(same.map(({ method }) => method))];
    const tests = [...new Set(same.map(({ file, test }) => `${file} › ${test}`))];
    return [{ feature: featureOf(write), kind: write.kind, write, methods, tests, times: same.length }];
  });
  const sorted = found.toSorted(
    (a, b) => a.feature.localeCompare(b.feature) || kinds.indexOf(a.kind) - kinds.indexOf(b.kind),
  );
  return sorted.map((item, index) => ({ id: `${item.feature}-${item.kind}-${index + 1}`, ...item }));
}

/** The same for two writes that differ only in ids, people, instants and hours. */
function shapeOf({ given }: Pick<KeptWrite, 'given'>): string {
  const { type, title, submit, close, text, blocks, attachments } = given;
  return JSON.stringify({ type, title, submit, close, text, blocks, attachments }, (name, value: unknown) => {
    if (/^(block_id|action_id|value|alt_text|slack_file|initial_option)$/.test(name)) return '';
    return typeof value === 'string' ? value.replaceAll(volatile, '#') : value;
  });
}

const volatile = new RegExp(
  [
    '<!date\\^[^>]*>',
    '<[@#][^>]*>',
    '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}',
    '`[0-9a-f]{8}`',
    '\\b\\d{4}-\\d\\d-\\d\\d(T[\\d:.]+Z)?',
    'http://127\\.0\\.0\\.1:\\d+\\S*',
    'Bearer [\\w-]+',
    '\\b[UCDFVT]0\\w{4,}',
  ].join('|'),
  'g',
);

const Marked = z.object({ event_payload: z.object({ key: z.string() }) });
const byKey: Record<string, string> = {
  alert: 'drift',
  blocker: 'blockers',
  incident: 'incidents',
  commitment: 'postmortems',
  parked: 'delivery',
  postmortem: 'postmortems',
  rollback: 'rollbacks',
  promotion: 'promotions',
  gate: 'gates',
  run: 'retraining',
};
/** For what has no key: the first that is talked about. */
const byWords: readonly (readonly [RegExp, string])[] = [
  [/what you can|say everything/i, 'home'],
  [/post-?mortem/i, 'postmortems'],
  [/blocker|blocked in/i, 'blockers'],
  [/goal|metric|agree|csat/i, 'goals'],
  [/roll ?back/i, 'rollbacks'],
  [/incident/i, 'incidents'],
  [/drift|alert|snooze|watch/i, 'drift'],
  [/connect/i, 'sources'],
  [/is live/i, 'releases'],
  [/model/i, 'models'],
];

export function featureOf({ kind, given, file }: KeptWrite): string {
  if (file.startsWith('test/runtime/')) return 'runtime';
  if (kind === 'home') return 'home';
  const marked = Marked.safeParse(
    typeof given['metadata'] === 'string' ? JSON.parse(given['metadata']) : given['metadata'],
  );
  const key = marked.data?.event_payload.key.split(':')[0] ?? '';
  if (byKey[key]) return byKey[key];
  const words = JSON.stringify(
    kind === 'modal' ? [given['callback_id'], given['title']] : [given['text'], given['blocks']],
  );
  return byWords.find(([pattern]) => pattern.test(words))?.[1] ?? 'everywhere';
}
