import { and, desc, eq, like } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { ledger } from '../../../ledger/schema.ts';
import { readingsSince } from '../../metrics/store.ts';
import type { Model } from '../../models/schema.ts';
import { movesOf } from '../../releases/store.ts';
import { Reference } from '../detectors/reference.ts';
import { histogramMethod } from '../detectors/methods.ts';
import { alertFor, alertNow, rulesOf, watchOf } from '../queries.ts';
import { heaviestOfEach, worstFirst } from '../rules.ts';
import type { Alert, Evidence, Finding, Item, Watch } from '../schema.ts';
import { ruleWords } from '../words.ts';

const dayMs = 86_400_000;
const lookBackDays = 30;
const mostPoints = 500;

/** Behind this alert; without one behind the alert that stands now, else behind the rules that watch one series. */
export async function seriesBehind(
  ctx: Context,
  model: Model,
  alertId: string | null,
  most: number,
): Promise<Evidence[]> {
  const place = { modelId: model.id, environment: model.environment };
  const alert = alertId === null ? await alertNow(ctx, place) : await alertFor(ctx, { alertId });
  const watched = alert ? behindAlert(alert, most) : behindRules(await rulesOf(ctx, model.id), most);
  const found: Evidence[] = [];
  for (const each of watched) {
    const watch = await watchOf(ctx, each.watchId);
    const evidence = watch && (await read(ctx, model, watch, each, alert));
    if (evidence) found.push(evidence);
  }
  return found;
}

interface Watched {
  readonly watchId: string;
  readonly metric: string;
  readonly column: string;
  readonly title: string;
  readonly finding?: Finding;
  readonly since?: string;
}

function behindAlert(alert: Alert, most: number): Watched[] {
  const live = alert.items.filter((item) => !item.clearedAt);
  const items = heaviestOfEach(live.length > 0 ? live : alert.items);
  const drifted = items.flatMap((item) => item.findings.filter((each) => each.drifted).map((each) => ({ item, each })));
  return worstFirst(drifted.map(({ each }) => each))
    .slice(0, most)
    .flatMap((finding) => {
      const item = drifted.find(({ each }) => each === finding)?.item;
      if (!item) return [];
      const metric = metricBehind(item, finding);
      const title = finding.column ? `${finding.column}: ${finding.label}` : finding.label;
      return [{ watchId: item.watchId, metric, column: finding.column, title, finding, since: item.since }];
    });
}

/** A rule over one series judges that; any other keeps its scores as a series of their own. */
const metricBehind = ({ metric }: Item, { method }: Finding): string => (method.startsWith(metric) ? metric : method);

function behindRules(rules: readonly Watch[], most: number): Watched[] {
  return rules
    .filter(({ method }) => method !== 'verdict' && !histogramMethod(method))
    .toSorted((a, b) => Number(b.state === 'firing') - Number(a.state === 'firing'))
    .slice(0, most)
    .map(({ id, metric, column }) => ({
      watchId: id,
      metric,
      column,
      title: column ? `${column}: ${metric}` : metric,
    }));
}

async function read(
  ctx: Context,
  model: Model,
  watch: Watch,
  { metric, column, title, finding, since }: Watched,
  alert: Alert | undefined,
): Promise<Evidence | undefined> {
  const from = new Date(ctx.now().getTime() - lookBackDays * dayMs);
  const { environment } = model;
  const points = await readingsSince(ctx, { modelId: model.id, environment, metric, column }, from);
  if (points.length === 0) return undefined;
  const reference = Reference.safeParse(watch.reference).data;
  const isScore = finding === undefined ? watch.method === 'threshold' : metric === finding.method;
  const value = finding?.limit ?? watch.raiseAt;
  const limit = {
    value,
    side: finding?.direction ?? watch.direction,
    clearAt: value === watch.raiseAt ? watch.clearAt : null,
  };
  const moves = await movesOf(ctx, model.id, environment);
  return {
    metric,
    column,
    title,
    points: points.slice(-mostPoints).map(({ at, value }) => [at.getTime(), value] as const),
    limit: isScore ? limit : null,
    baseline: reference
      ? { mean: reference.mean, sigma: reference.std, from: reference.from, until: reference.until }
      : null,
    rule: { id: watch.id, words: ruleWords(watch), revision: watch.revision, setAt: await setAt(ctx, watch) },
    since: since === undefined ? null : Date.parse(since),
    raised: alert?.raisedAt.getTime() ?? null,
    releases: moves
      .filter(({ at }) => at >= from)
      .map(({ at, toVersion }) => ({ at: at.getTime(), version: toVersion })),
  };
}

/** When people last made or changed the rule; null where it came by itself. */
async function setAt(ctx: Context, { id }: Watch): Promise<string | null> {
  const [line] = await ctx.db
    .select({ at: ledger.at })
    .from(ledger)
    .where(and(eq(ledger.workspace, ctx.workspace), eq(ledger.subject, `watch:${id}`), like(ledger.what, 'watch.%')))
    .orderBy(desc(ledger.seq))
    .limit(1);
  return line?.at.toISOString() ?? null;
}
