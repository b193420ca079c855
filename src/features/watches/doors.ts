import { actions, type RuleAsked } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onForm, onQuestion } from '../../doors.ts';
import { asModal, sentence } from '../../slack/blocks.ts';
import { allScores } from '../distributions/rules.ts';
import { histogramAt, referencesOf } from '../distributions/queries.ts';
import { histogramMethod } from '../drift/detectors/methods.ts';
import { Reference } from '../drift/detectors/reference.ts';
import { alertFor, precisionOf, type Which } from '../drift/queries.ts';
import { numbered } from '../drift/rules.ts';
import type { Alert, Finding, Item, Watch } from '../drift/schema.ts';
import { needsReference, ruleOf } from '../drift/windows.ts';
import { metricsOf } from '../metrics/store.ts';
import type { Model } from '../models/schema.ts';
import { modelById, modelNamed } from '../models/queries.ts';
import { checkMember } from '../teams/store.ts';
import { askedFrom, ruleForm, ruleFormFor, saveForm, savePreview, verdictForm, verdictFormFor } from './forms.ts';
import { chosenReference, pastVerdicts, pastWindows, watchById, watchesOf } from './queries.ts';
import { type Draft, draftOf, replay } from './rules.ts';
import { retireWatch, saveWatch } from './store.ts';
import { explanation, previewWords, ruleList, savedWords, stoppedWords } from './views.ts';

export const watches: Doors = {
  commands: [
    onCommand(
      'drift watch <model>',
      'Watch a metric: see what a rule would have done, then save it',
      async (ctx, _who, { model = '' }) => opened(ctx, await modelNamed(ctx, model)),
    ),
    onQuestion(
      'drift rules <model>',
      'The rules that can raise an alert, and how useful they were',
      async (ctx, _who, { model = '' }) => ({
        say: await rulesOf(ctx, await modelNamed(ctx, model)),
      }),
    ),
    onCommand('drift explain <alert>', 'The arithmetic behind an alert', async (ctx, _who, { alert = '' }) => ({
      say: await explain(ctx, numbered(alert)),
    })),
  ],
  actions: [
    onAction(actions.explainAlert, async (ctx, _who, which) => ({ open: asModal('Why', await explain(ctx, which)) })),
    onAction(actions.addRule, async (ctx, _who, { modelId }) => opened(ctx, await modelById(ctx, modelId))),
    onAction(actions.showRules, async (ctx, _who, { modelId }) => ({
      open: asModal('Rules', await rulesOf(ctx, await modelById(ctx, modelId))),
    })),
    onAction(actions.changeRule, async (ctx, _who, { watchId }) => {
      const watch = await watchById(ctx, watchId);
      const model = await modelById(ctx, watch.modelId);
      if (watch.method === 'verdict') return { open: verdictFormFor(model, watch) };
      return { open: ruleFormFor(model, await metricsOf(ctx, model.id), startFrom(watch), watch) };
    }),
    onAction(
      actions.retireRule,
      async (ctx, who, { watchId }) => {
        const watch = await retireWatch(ctx, watchId, who.id);
        return { say: sentence(stoppedWords(watch, await modelById(ctx, watch.modelId))) };
      },
      checkMember,
    ),
    onAction(actions.changeDraft, async (ctx, _who, asked) => {
      const model = await modelById(ctx, asked.modelId);
      const watch = asked.watch && (await watchById(ctx, asked.watch.id));
      if (watch?.method === 'verdict') return { open: verdictFormFor(model, watch) };
      return { open: ruleFormFor(model, await metricsOf(ctx, model.id), startAgain(asked), asked.watch) };
    }),
  ],
  forms: [
    onForm(ruleForm, async (ctx, _who, { carries, values }) => {
      const { limit, lateHours, ...asked } = askedFrom(values);
      return await preview(ctx, {
        ...carries,
        ...asked,
        reference: values.reference,
        ...(limit !== undefined && { limit }),
        ...(lateHours !== undefined && { lateHours }),
      });
    }),
    onForm(verdictForm, async (ctx, _who, { carries, values }) => {
      const { metric, ...about } = carries;
      const asked = askedFrom({ ...verdictAsked, ...about, ...values, what: `v:${metric}` });
      return await preview(ctx, { ...asked, ...about, reference: 'kept', limit: 0, lateHours: 0 });
    }),
    onForm(
      saveForm,
      async (ctx, who, { carries }) => {
        const draft = draftFrom(carries);
        const model = await modelById(ctx, carries.modelId);
        const watch = carries.watch && (await watchById(ctx, carries.watch.id));
        const reference = await referenceFor(ctx, model, draft, carries.reference, watch);
        const saved = await saveWatch(ctx, model, draft, reference, carries.watch, who.id);
        return { say: sentence(savedWords(saved, model)) };
      },
      checkMember,
    ),
  ],
};

const verdictAsked = { way: '', direction: 'above', limit: undefined, late: undefined };

const draftFrom = ({ lateHours, limit, ...rest }: RuleAsked) => draftOf({ ...rest, limit, lateHours });

/** What is asked for, in words, with what it would have done. */
async function preview(ctx: Context, asked: RuleAsked) {
  const draft = draftFrom(asked);
  const model = await modelById(ctx, asked.modelId);
  const watch = asked.watch && (await watchById(ctx, asked.watch.id));
  const reference = await referenceFor(ctx, model, draft, asked.reference, watch);
  const done = replay(draft, await seen(ctx, model, draft, reference, watch));
  const precision = watch && (await precisionOf(ctx, watch.id, model.id));
  return { open: savePreview(asked, previewWords(draft, reference, done, precision)) };
}

async function opened(ctx: Context, model: Model) {
  return { open: ruleFormFor(model, await metricsOf(ctx, model.id)) };
}

async function rulesOf(ctx: Context, model: Model) {
  const list = await watchesOf(ctx, model.id);
  const precisions = await Promise.all(list.map(({ id }) => precisionOf(ctx, id, model.id)));
  return ruleList(
    model,
    list.map((watch, i) => ({ watch, precision: precisions[i] ?? { judged: 0, useful: 0, reasons: {} } })),
  );
}

function seen(ctx: Context, model: Model, draft: Draft, reference: Reference | null, watch: Watch | undefined) {
  return draft.method === 'verdict' && watch ? pastVerdicts(ctx, watch.id) : pastWindows(ctx, model, draft, reference);
}

async function referenceFor(
  ctx: Context,
  model: Model,
  draft: Draft,
  choice: string,
  watch: Watch | undefined,
): Promise<Reference | null> {
  if (histogramMethod(draft.method) || draft.method === 'verdict' || !needsReference(ruleOf(draft))) return null;
  const kept = watch ? Reference.nullable().parse(watch.reference ?? null) : null;
  return choice === 'kept' && kept ? kept : await chosenReference(ctx, model, draft, choice);
}

function startFrom(watch: Watch) {
  const rule = histogramMethod(watch.method) ? undefined : ruleOf(watch);
  return {
    what: rule ? `m:${watch.metric}` : `h:${watch.method}`,
    column: watch.column,
    way: rule?.method ?? 'cusum',
    direction: rule && 'direction' in rule ? rule.direction : watch.direction,
    limit: String(watch.raiseAt),
    windows: String(watch.consecutive),
    rows: String(watch.minRows),
    severity: watch.severity,
    reference: 'kept',
    late: watch.lateSeconds > 0 ? String(watch.lateSeconds / 3600) : '',
  };
}

function startAgain({ what, column, way, direction, limit, windows, rows, severity, reference, lateHours }: RuleAsked) {
  const numbers = { windows: String(windows), rows: String(rows) };
  const maybe = { limit: limit === undefined ? '' : String(limit), late: lateHours ? String(lateHours) : '' };
  return { what, column, way, direction, severity, reference, ...numbers, ...maybe };
}

async function explain(ctx: Context, which: Which) {
  const alert = await alertFor(ctx, which);
  const model = await modelById(ctx, alert.modelId);
  const rules = new Map((await watchesOf(ctx, model.id)).map((watch) => [watch.id, watch]));
  const list = await Promise.all(
    alert.items.map(async (item) => ({
      item,
      watch: rules.get(item.watchId),
      precision: await precisionOf(ctx, item.watchId, model.id),
      others: await otherScores(ctx, alert, item),
    })),
  );
  return explanation(alert, model, list);
}

/** What the other methods say of the worst features, while their histograms are kept. */
async function otherScores(ctx: Context, alert: Alert, item: Item): Promise<Map<string, Finding[]>> {
  if (item.metric !== 'features') return new Map();
  const columns = [...new Set(item.findings.slice(0, 8).map(({ column }) => column))];
  const { modelId, environment } = alert;
  const known = await referencesOf(ctx, modelId, environment, columns);
  const at = new Date(item.lastWindow);
  const scores = new Map<string, Finding[]>();
  for (const column of columns) {
    const reference = known.get(column);
    const current = await histogramAt(ctx, { modelId, environment, column, at });
    if (reference && current) scores.set(column, allScores(reference, current));
  }
  return scores;
}
