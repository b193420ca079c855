import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { Question } from './almanac.ts';
import { type NamedDate, type Place, wholeDays } from './rules.ts';

const Named = z.array(z.object({ code: z.string(), name: z.string() }));
export type Named = z.infer<typeof Named>;
const Days = z.array(z.object({ date: z.string(), name: z.string(), hours: z.number() }));

const english = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** Every country whose holidays can be suggested, by its English name. */
export async function countries(): Promise<Named> {
  const all = await ask({ what: 'countries' }, Named);
  return all
    .map(({ code, name }) => ({ code, name: english.of(code) ?? name }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** Those whose name has these letters in it, whatever their case and accents. */
export async function countriesLike(typed: string): Promise<Named> {
  const letters = bare(typed);
  return (await countries()).filter(({ name }) => bare(name).includes(letters));
}

const bare = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** The regions of a country that have holidays of their own; none where they are the same everywhere. */
export function regionsOf(country: string): Promise<Named> {
  return ask({ what: 'regions', country }, Named);
}

/** Whole public holidays of a place and year. They are a suggestion: what counts is what people confirm. */
export async function suggested({ code, year }: Pick<Place, 'code' | 'year'>): Promise<readonly NamedDate[]> {
  return wholeDays(await ask({ what: 'days', code, year }, Days), year);
}

const answers = new Map<string, Promise<unknown>>();
const mostAnswers = 100;
const patienceMs = 20_000;

/** The same question is answered once; the oldest answers are forgotten. */
async function ask<T>(question: Question, answer: z.ZodType<T>): Promise<T> {
  const key = JSON.stringify(question);
  const asked = answers.get(key) ?? askThread(question);
  answers.set(key, asked);
  const [oldest] = answers.keys();
  if (answers.size > mostAnswers && oldest !== undefined) answers.delete(oldest);
  try {
    return answer.parse(await asked);
  } catch (error) {
    answers.delete(key);
    throw error;
  }
}

function askThread(question: Question): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const worker = new Worker(new URL('./almanac.ts', import.meta.url), { workerData: question, env: {}, execArgv: [] });
  const tooLong = setTimeout(() => {
    reject(new Refusal('Looking up the holidays takes too long just now. Please try again in a minute.'));
  }, patienceMs);
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`the thread that knows the holidays ended with ${code}`)));
  return promise.finally(() => {
    clearTimeout(tooLong);
    void worker.terminate();
  });
}
