import { type Context, within } from '../../context.ts';
import type { Model } from '../models/schema.ts';
import type { HeardAlarm } from '../sources/heard.ts';
import { isWatched } from './queries.ts';
import { judge, verdictWatch } from './store.ts';

export interface Alarm {
  readonly model: Model;
  readonly environment: string;
  /** The name of the source it came through. */
  readonly source: string;
  readonly alarm: HeardAlarm;
}

const longestName = 200;
/** So long a beginning may be on its way after its end. */
const overtakesMs = 3_600_000;

/** What another tool raised stands in the model's one alert at once: that tool has waited and counted already. */
export function takeAlarm(ctx: Context, { model, environment, source, alarm }: Alarm): Promise<void> {
  return within(ctx, async (ctx) => {
    const name = {
      modelId: model.id,
      environment,
      metric: `${source}: ${alarm.name}`.slice(0, longestName),
      column: alarm.key.slice(0, longestName),
    };
    const fires = alarm.state === 'firing';
    const at = fires ? alarm.startedAt : (alarm.endedAt ?? ctx.now());
    // An end of what never began here is no news, but one that came just now may have overtaken its beginning.
    const mayBeAhead = ctx.now().getTime() - at.getTime() < overtakesMs;
    if (!fires && !mayBeAhead && !(await isWatched(ctx, name))) return;
    const watch = await verdictWatch(ctx, name, {
      consecutive: 1,
      clearConsecutive: 1,
      minRows: 0,
      expectSeconds: 0,
      ...(alarm.severity === 'warning' && { severity: 'warning' as const }),
    });
    const finding = {
      column: '',
      method: 'alarm',
      label: alarm.name,
      score: alarm.value ?? Number(fires),
      limit: null,
      direction: 'above',
      drifted: fires,
      because: alarm.summary,
      ...(alarm.url !== undefined && { url: alarm.url }),
    } as const;
    await judge(ctx, watch, [{ at, findings: [finding] }]);
  });
}
