import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../../lib/refusal.ts';
import { clip } from '../../slack/limits.ts';
import type { Model } from '../models/schema.ts';
import { kindsOf } from './kinds.ts';
import { type Kind, kinds, type Source } from './schema.ts';

/** After a change of its secret the old one counts for a day: nobody has to be quick. */
export const graceMs = 24 * 3_600_000;
export const keptBodies = 20;
const keptBodyBytes = 64 * 1024;
export const keptDays = 14;

export function kindNamed(typed: string): Kind {
  if (/^(show|rotate|revoke|test|edit|forget)$/i.test(typed)) {
    throw new Refusal(`Say which one: \`/ml connect ${typed} <name>\`. \`/ml connect\` lists them.`, {
      field: 'source',
    });
  }
  const kind = kinds.find((each) => each === typed.toLowerCase());
  if (!kind) throw new Refusal(`I can connect: ${kinds.join(', ')}.`, { field: 'kind' });
  return kind;
}

export function checkEnvironment(
  model: Pick<Model, 'name' | 'environments'> | undefined,
  environment: string | undefined,
): void {
  if (!model || !environment || model.environments.includes(environment)) return;
  const known = model.environments.join(' and ');
  throw new Refusal(`${model.name} runs in ${known}, not in "${environment}".`, { field: 'environment' });
}

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** What stands in the row and counts now: hashes or sealed secrets, the newest first. */
export function countingSecrets({ secret, formerSecret, formerUntil }: Source, now: Date): string[] {
  return formerSecret && formerUntil && formerUntil > now ? [secret, formerSecret] : [secret];
}

/** Takes as long for a wrong token as for the right one. */
export function isTokenOf(source: Source, token: string, now: Date): boolean {
  const given = Buffer.from(hashOf(token));
  return countingSecrets(source, now)
    .map((kept) => timingSafeEqual(given, Buffer.from(kept)))
    .includes(true);
}

/** A secret that only hashes are kept of needs no key; one that signatures are checked with does. */
export function checkKey(kind: Kind, hasKey: boolean): void {
  const { label, proof } = kindsOf[kind];
  if (proof === 'bearer' || hasKey) return;
  throw new Refusal(
    `${label} signs what it sends, so I have to keep its secret, and I have no key to seal it with. ` +
      'Whoever runs me sets PITCREW_SECRET_KEY to what `openssl rand -base64 32` prints and starts me again.',
    { field: 'kind' },
  );
}

const hidden = '[hidden]';
// Every repetition is bounded: a body made to be slow to search must not be.
const secretFields =
  /("[^"\\]{0,60}(?:token|secret|passw(?:or)?d|authorization|cookie|api[_-]?key|credential)[^"\\]{0,60}"\s{0,9}:\s{0,9})(?:"(?:[^"\\]|\\.)*"?|\[[^\]]*\]?|[^\s,}\]]+)/gi;
const secretShapes: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic)\s{1,9}[\w.~+/=-]{8,}/gi, `$1 ${hidden}`],
  [/\b(?:pit|whsec|xox[a-z]|xapp|gh[a-z]|glpat|github_pat)[_-][\w/+=-]{8,}/gi, hidden],
  [/\beyJ[\w-]{8,2000}\.[\w-]{8,2000}\.[\w-]{0,2000}/g, hidden],
  [/(\b[a-z][a-z\d+.-]{0,20}:\/\/)[^\s"\\/@]{1,500}@/gi, `$1${hidden}@`],
  [/([?&][\w-]{0,40}(?:token|secret|signature|key|password)[\w-]{0,40}=)[^&\s"\\]+/gi, `$1${hidden}`],
];

const longestProblem = 1000;

/** Words that may quote what came in: as much as somebody reads, in characters that Postgres takes. */
export const problemWords = (problem: string): string => clip(problem.replaceAll('\0', '\uFFFD'), longestProblem);

/** The beginning of a body as it may be kept and shown: text that Postgres takes, without what looks like a secret. */
export function keepable(raw: Uint8Array): string {
  const text = new TextDecoder().decode(raw.subarray(0, keptBodyBytes)).replaceAll('\0', '\uFFFD');
  const byField = text.replaceAll(secretFields, `$1"${hidden}"`);
  return secretShapes.reduce((kept, [shape, instead]) => kept.replaceAll(shape, instead), byField);
}
