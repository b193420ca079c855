import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onForm, onQuestion, onWork } from '../../doors.ts';
import { evidenceOf } from '../drift/queries.ts';
import { modelById, modelNamed, modelsByIds } from '../models/queries.ts';
import { liveVersion } from '../releases/store.ts';
import { buildNextChannel } from './channel.ts';
import { severities } from './schema.ts';
import { declare, incidentById, lockIncident, openIncidents, reopen, resolve, takeCommand } from './store.ts';
import { mayResolve } from './rules.ts';
import { declareForm, declareModal, incidentList, resolveForm } from './views.ts';

export const incidents: Doors = {
  commands: [
    onQuestion('incident', 'The incidents that are open', (ctx) => list(ctx)),
    onCommand('incident declare <model>', 'Declare an incident on a model', async (ctx, _who, { model = '' }) => {
      const { id } = await modelNamed(ctx, model);
      return { open: await form(ctx, { modelId: id }) };
    }),
  ],
  actions: [
    onAction(actions.declareIncident, async (ctx, _who, about) => ({ open: await form(ctx, about) })),
    onAction(
      actions.takeCommand,
      async (ctx, who, { incidentId }) => void (await takeCommand(ctx, incidentId, who.id)),
    ),
    onAction(actions.resolveIncident, async (ctx, _who, { incidentId }) => {
      mayResolve(await lockIncident(ctx, incidentId));
      return { open: resolveForm.view({ incidentId }) };
    }),
    onAction(actions.reopenIncident, async (ctx, who, { incidentId }) => void (await reopen(ctx, incidentId, who.id))),
  ],
  forms: [
    onForm(declareForm, async (ctx, who, { carries, values }) => {
      const known = await facts(ctx, carries);
      const severity = severities.find((each) => each === values.severity) ?? 'sev2';
      const { modelId, alertId } = carries;
      await declare(ctx, { modelId, ...(alertId && { alertId }), ...values, ...known, severity }, who.id);
    }),
    onForm(resolveForm, async (ctx, who, { carries, values }) => {
      await resolve(ctx, (await incidentById(ctx, carries.incidentId)).id, values.resolution, who.id);
    }),
  ],
  workers: [onWork('incident.channel', buildNextChannel)],
};

interface About {
  readonly modelId: string;
  readonly alertId?: string | undefined;
  readonly rollbackId?: string | undefined;
}

async function form(ctx: Context, about: About) {
  const model = await modelById(ctx, about.modelId);
  const { version, evidence } = await facts(ctx, about);
  const title = about.alertId ? `${model.name} has drifted` : `${model.name}: `;
  return declareModal(model, {
    title,
    version,
    evidence,
    ...(about.alertId && { alertId: about.alertId }),
    ...(about.rollbackId && { rollbackId: about.rollbackId }),
  });
}

/** What is known already, so that nobody has to type it while something burns. */
async function facts(ctx: Context, { modelId, alertId }: About) {
  const model = await modelById(ctx, modelId);
  const live = await liveVersion(ctx, model.id, model.environment);
  const alert = alertId ? await evidenceOf(ctx, alertId) : undefined;
  return { version: live?.version ?? null, evidence: alert?.words ?? '', onset: alert?.since ?? ctx.now() };
}

async function list(ctx: Context) {
  const open = await openIncidents(ctx);
  const found = await modelsByIds(
    ctx,
    open.map(({ modelId }) => modelId),
  );
  const models = new Map(found.map((model) => [model.id, model]));
  const rows = open.flatMap((incident) => {
    const model = models.get(incident.modelId);
    return model ? [{ incident, model }] : [];
  });
  return { say: incidentList(rows) };
}
