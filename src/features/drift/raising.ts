import type { Context } from '../../context.ts';
import { nextNumber } from '../installations/store.ts';
import { modelById } from '../models/queries.ts';
import type { Model } from '../models/schema.ts';
import { liveVersion } from '../releases/store.ts';
import { teamById } from '../teams/queries.ts';
import { call } from './calls.ts';
import { change, log, note, open, tell } from './changes.ts';
import { firing, stepColumns, type Window } from './columns.ts';
import { firstCall } from './leases.ts';
import { liveAlert } from './queries.ts';
import { allClear, withItem, worstFirst, worstOf } from './rules.ts';
import type { Alert, Finding, Item, Watch } from './schema.ts';
import { inShort } from './views.ts';

/** Opens the model's one alert, or brings the standing one up to date. */
export async function raise(ctx: Context, watch: Watch, isNew: boolean): Promise<void> {
  const columns = firing(watch.columns);
  await putItem(ctx, watch, isNew, {
    watchId: watch.id,
    metric: watch.metric,
    severity: watch.severity,
    findings: worstFirst(columns.map(({ finding }) => finding)).slice(0, mostKept),
    since: columns.map(({ since }) => since).toSorted()[0] ?? ctx.now().toISOString(),
    windows: Math.max(...columns.map(({ windows }) => windows)),
    lastWindow: (watch.lastWindow ?? ctx.now()).toISOString(),
  });
}

/** Of thousands of columns an alert keeps the worst; all of them stand in the verdict. */
const mostKept = 100;

export async function putItem(ctx: Context, watch: Watch, isNew: boolean, item: Item): Promise<void> {
  const model = await modelById(ctx, watch.modelId);
  const live = await liveAlert(ctx, watch);
  if (!live && !isNew) return;
  if (live) {
    await bringUpToDate(ctx, live, model, item);
    return;
  }
  const version = await liveVersion(ctx, model.id, watch.environment);
  const nextCallAt = firstCall(item.severity, await teamById(ctx, model.teamId), ctx.now());
  const alert = await open(ctx, {
    number: await nextNumber(ctx, 'alert'),
    modelId: model.id,
    environment: watch.environment,
    version: version?.version ?? null,
    items: [item],
    severity: item.severity,
    raisedAt: ctx.now(),
    nextCallAt,
  });
  const worst = worstFirst(item.findings)[0];
  note(ctx, alert, 'monitor', 'raised', `drift alert ${alert.number} raised: ${worst ? inShort(worst) : watch.metric}`);
  if (isDue(ctx, alert)) await call(ctx, alert, model);
}

const isDue = (ctx: Context, { nextCallAt }: Alert) => nextCallAt !== null && nextCallAt <= ctx.now();

async function bringUpToDate(ctx: Context, live: Alert, model: Model, item: Item): Promise<void> {
  const items = withItem(live.items, item);
  const severity = worstOf(items.filter(({ clearedAt }) => !clearedAt).map((each) => each.severity));
  const heavier = worstOf([severity, live.severity]) !== live.severity;
  const team = await teamById(ctx, model.teamId);
  const after = await change(ctx, live, {
    items,
    ...(heavier && { severity, nextCallAt: firstCall(severity, team, ctx.now()) }),
  });
  // An early warning of what stands there anyway is no news.
  const others = live.items.filter(({ clearedAt, severity }) => !clearedAt && severity !== 'warning');
  const known = others.flatMap(({ findings }) => findings);
  const joined = item.severity === 'warning' ? [] : item.findings.filter((finding) => !has(known, finding));
  if (heavier && !live.shownAt && isDue(ctx, after)) return await call(ctx, after, model);
  if (joined.length > 0) await log(ctx, after, model, { joined });
  await tell(ctx, after, model);
}

const has = (list: readonly Finding[], { method, column }: Finding) =>
  list.some((each) => each.method === method && each.column === column);

export async function clear(ctx: Context, watch: Watch): Promise<void> {
  const live = await liveAlert(ctx, watch);
  const item = live?.items.find((each) => each.watchId === watch.id);
  if (!live || !item || item.clearedAt) return;
  const items = withItem(live.items, { ...item, clearedAt: (watch.lastWindow ?? ctx.now()).toISOString() });
  const over = allClear(items)
    ? ({ state: 'resolved', outcome: 'cleared', endedBy: 'monitor', endedAt: ctx.now(), nextCallAt: null } as const)
    : {};
  const model = await modelById(ctx, watch.modelId);
  const after = await change(ctx, live, { items, ...over });
  if (after.state === 'resolved')
    note(ctx, after, 'monitor', 'cleared', `drift alert ${after.number} cleared by itself`);
  await log(ctx, after, model, { cleared: item });
  await tell(ctx, after, model);
}

/** What came in too late to be judged is said where people look, and raises nothing. */
export async function noteLate(ctx: Context, watch: Watch, window: Window): Promise<void> {
  if (!watch.lastWindow || watch.lastWindow.getTime() - window.at.getTime() > watch.graceSeconds * 1000) return;
  if (window.at.getTime() === watch.lastWindow.getTime()) return;
  const bad = Object.values(stepColumns({}, window, { ...watch, consecutive: 1 }).columns);
  const live = bad.length > 0 ? await liveAlert(ctx, watch) : undefined;
  if (!live) return;
  const model = await modelById(ctx, watch.modelId);
  await log(ctx, live, model, { late: bad.map(({ finding }) => finding), at: window.at });
}
