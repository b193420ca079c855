import { z } from 'zod';
import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onClock, onCommand, onForm, onPost, onQuestion, onWork } from '../../doors.ts';
import { parseOrRefuse } from '../../lib/refusal.ts';
import { modelNamed, modelsByIds } from '../models/queries.ts';
import { Readings, takeReadings } from './intake.ts';
import { callNext } from './calls.ts';
import { duration, numbered } from './rules.ts';
import { takeVerdicts, Verdicts } from './verdicts.ts';
import { checkMember } from '../teams/store.ts';
import { tellWarnings } from './digest.ts';
import { acknowledge, closeAsNotUseful, snooze, wakeNext } from './changes.ts';
import { alertFor, openAlerts } from './queries.ts';
import { judgeNextDue, noticeSilence, setWatch } from './store.ts';
import { notUsefulForm, reasons, snoozeForm } from './forms.ts';
import { alertList, done, watchSet } from './views.ts';

export const drift: Doors = {
  commands: [
    onQuestion('drift', 'The drift alerts that stand open', (ctx) => list(ctx)),
    onQuestion('drift list', 'The drift alerts that stand open', (ctx) => list(ctx)),
    onCommand(
      'drift ack <alert>',
      'Take a drift alert: you are on it',
      async (ctx, who, { alert }) => ({
        say: done(await acknowledge(ctx, numbered(alert), who.id), 'is yours now'),
      }),
      checkMember,
    ),
    onCommand(
      'drift snooze <alert> <length>',
      'Quiet an alert for 30m, 4h or 2d',
      async (ctx, who, words) => ({
        say: done(
          await snooze(ctx, numbered(words['alert']), duration(words['length'] ?? ''), who.id),
          `is quiet for ${words['length']}`,
        ),
      }),
      checkMember,
    ),
    onCommand(
      'drift not-useful <alert> [reason…]',
      'Close an alert that told you nothing',
      async (ctx, who, words) => ({
        say: done(
          await closeAsNotUseful(ctx, numbered(words['alert']), typed(words['reason']), who.id),
          'is closed as not useful. Thank you: that makes the rule better',
        ),
      }),
      checkMember,
    ),
    onCommand(
      'drift watch <model> <metric> <side> <limit>',
      'Raise an alert when a metric is above or below a limit, twice in a row',
      async (ctx, who, words) => {
        const { model: name, metric, direction, limit } = parseOrRefuse(WatchWords, words);
        const model = await modelNamed(ctx, name);
        const of = { modelId: model.id, environment: model.environment, metric, column: '' };
        const watch = await setWatch(ctx, of, { direction, raiseAt: limit, clearAt: limit }, who.id);
        return { say: watchSet(watch, model) };
      },
      checkMember,
    ),
  ],
  actions: [
    onAction(actions.showAlerts, (ctx) => list(ctx)),
    onAction(
      actions.acknowledgeAlert,
      async (ctx, who, which) => void (await acknowledge(ctx, which, who.id)),
      checkMember,
    ),
    onAction(actions.snoozeAlert, async (ctx, _who, which) => {
      await alertFor(ctx, which);
      return { open: snoozeForm.view(which, { start: { length: '4h' } }) };
    }),
    onAction(actions.alertNotUseful, async (ctx, _who, which) => {
      await alertFor(ctx, which);
      return { open: notUsefulForm.view(which) };
    }),
  ],
  forms: [
    onForm(
      snoozeForm,
      async (ctx, who, { carries, values }) => {
        await snooze(ctx, carries, duration(values.length), who.id);
      },
      checkMember,
    ),
    onForm(
      notUsefulForm,
      async (ctx, who, { carries, values }) => {
        const words = Object.entries(reasons).find(([key]) => key === values.reason)?.[1] ?? values.reason;
        const reason = values.note ? `${words}. ${values.note}` : words;
        await closeAsNotUseful(ctx, carries, { kind: values.reason, reason }, who.id);
      },
      checkMember,
    ),
  ],
  routes: [
    onPost('/api/v1/readings', 'Readings of metrics, up to 1,000 at a time', Readings, takeReadings),
    onPost('/api/v1/verdicts', 'What a tool judged, one verdict a window and model', Verdicts, takeVerdicts),
  ],
  jobs: [onClock('drift.digest', '*/15 * * * *', tellWarnings)],
  workers: [
    onWork('drift.wake', wakeNext),
    onWork('drift.call', callNext),
    onWork('drift.silence', noticeSilence),
    onWork('drift.settled', judgeNextDue),
  ],
};

const WatchWords = z
  .object({
    model: z.string(),
    metric: z.string(),
    side: z.enum(['above', 'below'], 'Say above or below, like `/ml drift watch churn-model accuracy below 0.9`.'),
    limit: z.coerce.number('The limit has to be a number.'),
  })
  .transform(({ side, ...rest }) => ({ ...rest, direction: side }));

async function list(ctx: Context) {
  const open = await openAlerts(ctx);
  const found = await modelsByIds(
    ctx,
    open.map(({ modelId }) => modelId),
  );
  const models = new Map(found.map((model) => [model.id, model]));
  const rows = open.flatMap((alert) => {
    const model = models.get(alert.modelId);
    return model ? [{ alert, model }] : [];
  });
  return { say: alertList(rows) };
}

const typed = (reason = 'no reason given') => ({ kind: 'typed', reason });
