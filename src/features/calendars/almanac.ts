import { parentPort, workerData } from 'node:worker_threads';
import Holidays from 'date-holidays';
import { z } from 'zod';

/** Asked of a thread of its own: the data of all countries is 40 MB in memory, and is gone with the answer. */
export const Question = z.discriminatedUnion('what', [
  z.object({ what: z.literal('countries') }),
  z.object({ what: z.literal('regions'), country: z.string() }),
  z.object({ what: z.literal('days'), code: z.string(), year: z.int() }),
]);
export type Question = z.infer<typeof Question>;

const language = 'en';

function answer(question: Question): unknown {
  const all = new Holidays();
  switch (question.what) {
    case 'countries':
      return named(all.getCountries(language));
    case 'regions':
      return named(all.getStates(question.country, language)).flatMap((state) => [
        state,
        ...named(all.getRegions(question.country, state.code, language)).map(({ code, name }) => ({
          code: `${state.code}-${code}`,
          name: `${name}, ${state.name}`,
        })),
      ]);
    case 'days': {
      const [country = '', state, region] = question.code.split('-');
      all.init(country, state ?? '', region ?? '');
      return all
        .getHolidays(question.year, language)
        .filter(({ type }) => type === 'public')
        .map(({ date, name, start, end }) => ({ date, name, hours: (end.getTime() - start.getTime()) / 3_600_000 }));
    }
  }
}

/** Where there are none, the package answers with nothing. */
function named(list: Readonly<Record<string, string>> | undefined): { code: string; name: string }[] {
  return Object.entries(list ?? {}).map(([code, name]) => ({ code, name }));
}

parentPort?.postMessage(answer(Question.parse(workerData)));
