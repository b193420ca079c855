import { and, eq, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { type Watch, watches } from '../drift/schema.ts';
import { clear } from '../drift/raising.ts';
import { setWatch } from '../drift/store.ts';
import { ruleWords } from '../drift/words.ts';
import type { Model } from '../models/schema.ts';
import { watchById, watchesOf } from './queries.ts';
import type { Draft } from './rules.ts';

interface Changed {
  readonly id: string;
  readonly revision: number;
}

/** Keeps a new rule, or a changed one unless somebody else changed it meanwhile. */
export function saveWatch(
  ctx: Context,
  model: Model,
  draft: Draft,
  reference: unknown,
  changed: Changed | undefined,
  by: string,
): Promise<Watch> {
  return within(ctx, async (ctx) => {
    const { metric, column, method, ...limits } = draft;
    const name = { modelId: model.id, environment: model.environment, metric, column, method };
    await refuseTwin(ctx, { ...name, severity: limits.severity }, changed?.id);
    if (!changed) return await setWatch(ctx, name, { ...limits, reference }, by);
    const before = await watchById(ctx, changed.id);
    if (before.revision !== changed.revision || before.retiredAt) {
      throw new Refusal(`Somebody changed this rule just before you. It says now: ${ruleWords(before)}.`);
    }
    const isSame = before.metric === metric && before.column === column && before.method === method;
    const [after] = await ctx.db
      .update(watches)
      .set({
        ...name,
        ...limits,
        reference,
        revision: sql`${watches.revision} + 1`,
        ...(!isSame && { columns: {}, state: 'ok' as const, gaps: [], silentAt: null }),
      })
      .where(and(eq(watches.workspace, ctx.workspace), eq(watches.id, changed.id)))
      .returning();
    if (!after) throw new Error('the rule was not kept');
    if (!isSame) await clear(ctx, before);
    note(ctx, after, by, 'changed', ruleWords(after));
    return after;
  });
}

/** One rule says one thing: two that differ in their limit only would tell everything twice. */
async function refuseTwin(
  ctx: Context,
  name: Pick<Watch, 'modelId' | 'environment' | 'metric' | 'column' | 'method' | 'severity'>,
  except: string | undefined,
): Promise<void> {
  const twin = (await watchesOf(ctx, name.modelId)).find(
    (each) =>
      each.id !== except &&
      each.environment === name.environment &&
      each.metric === name.metric &&
      each.column === name.column &&
      each.method === name.method &&
      each.severity === name.severity,
  );
  if (!twin) return;
  throw new Refusal(`There is such a rule already: ${ruleWords(twin)}. \`/ml drift rules\` lets you change it.`);
}

/** It watches no longer; what it has raised is closed as if it had cleared. */
export function retireWatch(ctx: Context, id: string, by: string): Promise<Watch> {
  return within(ctx, async (ctx) => {
    const watch = await watchById(ctx, id);
    if (watch.retiredAt) throw new Refusal('This rule was taken back before.');
    await ctx.db
      .update(watches)
      .set({ retiredAt: ctx.now(), columns: {}, state: 'ok', silentAt: null, dueAt: null })
      .where(and(eq(watches.workspace, ctx.workspace), eq(watches.id, id)));
    await clear(ctx, watch);
    note(ctx, watch, by, 'retired', `no longer: ${ruleWords(watch)}`);
    return watch;
  });
}

function note(ctx: Context, watch: Watch, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `watch.${verb}`, modelId: watch.modelId, subject: `watch:${watch.id}`, summary });
}
