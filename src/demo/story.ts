import { models } from './people.ts';
import { dice, evidentlyReport, scores } from './report.ts';

export interface Stage {
  readonly appUrl: string;
  readonly apiToken: string;
  /** The version that the registry's alias of a model points to: what its serving will load next. */
  readonly aliasVersion: (model: string) => Promise<string | undefined>;
  readonly now: () => Date;
}

const firstWindowMs = 15_000;
const secondWindowMs = 30_000;
const everyWindowMs = 60_000;
const servingLooksEveryMs = 5_000;
const badVersion = 14;
/** A version that is trained anew does well at first, so that there is a reason to go back. */
const goodWindows = 3;

/** What would happen around a real team: reports of a drift tool, and serving that loads what the alias points to. */
export function play(stage: Stage): { stop(): void } {
  const model = models[0];
  const random = dice(stage.now().getTime() % 1_000_000);
  const served = new Map<string, string>(models.map(({ name, versions }) => [name, versions[2]]));
  const loading = new Map<string, string>();
  let windows = 0;

  function isBad(): boolean {
    const version = Number(served.get(model.name));
    return version === badVersion || (version > badVersion && windows > goodWindows);
  }

  async function post(path: string, body: string): Promise<void> {
    const headers = { authorization: `Bearer ${stage.apiToken}`, 'content-type': 'application/json' };
    await fetch(`${stage.appUrl}${path}`, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) });
  }

  async function report(): Promise<void> {
    windows += 1;
    const query = new URLSearchParams({ model: model.name, window_end: stage.now().toISOString(), rows: '4200' });
    await post(`/hooks/evidently?${query.toString()}`, evidentlyReport(scores(model.columns, isBad(), random)));
  }

  /** What the alias points to is loaded at one look and served at the next, as a large model would be. */
  async function serve(name: string): Promise<void> {
    const wanted = await stage.aliasVersion(name);
    if (wanted === undefined || wanted === served.get(name)) return void loading.delete(name);
    if (loading.get(name) !== wanted) return void loading.set(name, wanted);
    const at = stage.now().toISOString();
    await post('/api/v1/readings', JSON.stringify([{ model: name, metric: 'served_version', value: wanted, at }]));
    served.set(name, wanted);
    if (name === model.name) windows = 0;
  }

  // The house may be stopping while a timer fires: then there is nobody to tell.
  const quietly = (act: () => Promise<void>) => () => void act().catch(() => undefined);
  const timers = [
    setTimeout(quietly(report), firstWindowMs),
    setTimeout(quietly(report), secondWindowMs),
    setInterval(quietly(report), everyWindowMs),
    ...models.map(({ name }) =>
      setInterval(
        quietly(() => serve(name)),
        servingLooksEveryMs,
      ),
    ),
  ];
  return { stop: () => timers.forEach((timer) => clearTimeout(timer)) };
}
