import { models } from './people.ts';
import { dice, evidentlyReport, scores } from './report.ts';

export interface Stage {
  readonly appUrl: string;
  readonly apiToken: string;
  /** The version that the registry's alias points to: what serving will load next. */
  readonly aliasVersion: () => Promise<string | undefined>;
  readonly now: () => Date;
}

const firstWindowMs = 15_000;
const secondWindowMs = 30_000;
const everyWindowMs = 60_000;
const servingLooksEveryMs = 5_000;
const badVersion = '14';
/** A version that is trained anew does well at first, so that there is a reason to go back. */
const goodWindows = 3;

/** What would happen around a real team: reports of a drift tool, and a serving process that reloads its model. */
export function play(stage: Stage): { stop(): void } {
  const model = models[0];
  const random = dice(stage.now().getTime() % 1_000_000);
  let served: string = badVersion;
  let windows = 0;
  const isBad = () => served === badVersion || (Number(served) > Number(badVersion) && windows > goodWindows);

  async function post(path: string, body: string): Promise<void> {
    const headers = { authorization: `Bearer ${stage.apiToken}`, 'content-type': 'application/json' };
    await fetch(`${stage.appUrl}${path}`, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) });
  }

  async function report(): Promise<void> {
    windows += 1;
    const query = new URLSearchParams({ model: model.name, window_end: stage.now().toISOString(), rows: '4200' });
    await post(`/hooks/evidently?${query.toString()}`, evidentlyReport(scores(model.columns, isBad(), random)));
  }

  async function serve(): Promise<void> {
    const wanted = await stage.aliasVersion();
    if (wanted === undefined || wanted === served) return;
    served = wanted;
    windows = 0;
    const at = stage.now().toISOString();
    await post(
      '/api/v1/readings',
      JSON.stringify([{ model: model.name, metric: 'served_version', value: served, at }]),
    );
  }

  // The house may be stopping while a timer fires: then there is nobody to tell.
  const quietly = (act: () => Promise<void>) => () => void act().catch(() => undefined);
  const timers = [
    setTimeout(quietly(report), firstWindowMs),
    setTimeout(quietly(report), secondWindowMs),
    setInterval(quietly(report), everyWindowMs),
    setInterval(quietly(serve), servingLooksEveryMs),
  ];
  return { stop: () => timers.forEach((timer) => clearTimeout(timer)) };
}
