import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onEvent, onForm, onPost, onQuestion, onWork } from '../../doors.ts';
import { parseOrRefuse, Refusal } from '../../lib/refusal.ts';
import { z } from 'zod';
import { evidenceOf } from '../drift/queries.ts';
import { modelById, modelNamed, modelsByIds } from '../models/queries.ts';
import { liveVersion } from '../releases/store.ts';
import { checkMember } from '../teams/store.ts';
import { cancel, changeSeverity, confirm, correctTimes, declare, merge, mitigate, reopen, resolve } from './changes.ts';
import { buildNextChannel, pinNext } from './channel.ts';
import {
  cancelForm,
  correctable,
  declareForm,
  declareModal,
  mergeForm,
  mitigateForm,
  reopenForm,
  resolveForm,
  roleForm,
  severityForm,
  timesForm,
  timesModal,
  updateForm,
} from './forms.ts';
import { Incidents, takeIncidents } from './intake.ts';
import { disorder, readTime, timesOf } from './milestones.ts';
import { askNext, update } from './news/changes.ts';
import { incidentById, incidentNumbered, lockIncident, milestonesOf, openIncidents, openOn } from './queries.ts';
import { answerOffer, offerRole, takeCommand } from './roles/changes.ts';
import { mayCancel, mayChange, mayReopen } from './rules.ts';
import { cancelReasons, incidentKinds, type Incident, roles, severities } from './schema.ts';
import { dropMessage, keepMessage, keepReaction, readNextNote } from './timeline/changes.ts';
import { incidentList } from './views.ts';

/** Of a message; reactions to files have neither channel nor ts. */
const Reaction = z.object({
  user: z.string(),
  reaction: z.string(),
  item: z.object({ channel: z.string().default(''), ts: z.string().default('') }),
});

const Number = z.object({
  incident: z.coerce.number('Say the number of the incident, as in /ml incident times 7.').int().positive(),
});

export const incidents: Doors = {
  commands: [
    onQuestion('incident', 'The incidents that are open', (ctx) => list(ctx)),
    onCommand('incident declare <model>', 'Declare an incident on a model', async (ctx, _who, { model = '' }) => {
      const { id } = await modelNamed(ctx, model);
      return { open: await form(ctx, { modelId: id }) };
    }),
    onCommand('incident times <incident>', 'Put the times of an incident right', async (ctx, _who, words) => ({
      open: await times(ctx, await incidentNumbered(ctx, parseOrRefuse(Number, words).incident)),
    })),
  ],
  actions: [
    onAction(actions.declareIncident, async (ctx, _who, about) => ({ open: await form(ctx, about) })),
    onAction(
      actions.takeCommand,
      async (ctx, who, { incidentId }) => void (await takeCommand(ctx, incidentId, who.id)),
      checkMember,
    ),
    onAction(
      actions.confirmIncident,
      async (ctx, who, { incidentId }) => void (await confirm(ctx, incidentId, who.id)),
      checkMember,
    ),
    onAction(actions.updateIncident, async (ctx, _who, carries) => {
      mayChange(await lockIncident(ctx, carries.incidentId));
      return { open: updateForm.view(carries) };
    }),
    onAction(actions.mitigateIncident, async (ctx, _who, carries) => {
      mayChange(await lockIncident(ctx, carries.incidentId));
      return { open: mitigateForm.view(carries) };
    }),
    onAction(actions.resolveIncident, async (ctx, _who, carries) => {
      mayChange(await lockIncident(ctx, carries.incidentId));
      return { open: resolveForm.view(carries) };
    }),
    onAction(actions.reopenIncident, async (ctx, _who, carries) => {
      mayReopen(await lockIncident(ctx, carries.incidentId));
      return { open: reopenForm.view(carries) };
    }),
    onAction(actions.cancelIncident, async (ctx, _who, carries) => {
      mayCancel(await lockIncident(ctx, carries.incidentId));
      return { open: cancelForm.view(carries) };
    }),
    onAction(actions.incidentSeverity, async (ctx, _who, carries) => {
      const incident = await lockIncident(ctx, carries.incidentId);
      mayChange(incident);
      return { open: severityForm.view(carries, { start: { severity: incident.severity } }) };
    }),
    onAction(actions.incidentRoles, async (ctx, who, carries) => {
      mayChange(await lockIncident(ctx, carries.incidentId));
      return { open: roleForm.view(carries, { start: { role: 'commander', person: who.id } }) };
    }),
    onAction(
      actions.acceptIncidentRole,
      async (ctx, who, { incidentId, role }) => void (await answerOffer(ctx, incidentId, role, true, who.id)),
      checkMember,
    ),
    onAction(
      actions.declineIncidentRole,
      async (ctx, who, { incidentId, role }) => void (await answerOffer(ctx, incidentId, role, false, who.id)),
    ),
    onAction(actions.mergeIncident, async (ctx, _who, carries) => ({ open: await mergeModal(ctx, carries) })),
    onAction(actions.incidentTimes, async (ctx, _who, { incidentId }) => ({
      open: await times(ctx, await incidentById(ctx, incidentId)),
    })),
  ],
  forms: [
    onForm(
      declareForm,
      async (ctx, who, { carries, values }) => {
        const known = await facts(ctx, carries);
        const { modelId, alertId } = carries;
        const { title, summary, sure } = values;
        const severity = severities.find((each) => each === values.severity) ?? 'sev2';
        const kind = incidentKinds.find((each) => each === values.kind) ?? 'incident';
        const said = { title, summary, severity, kind, isSuspected: sure === 'triage' };
        await declare(ctx, { modelId, ...(alertId && { alertId }), ...said, ...known }, who.id);
      },
      checkMember,
    ),
    onForm(
      updateForm,
      async (ctx, who, { carries, values }) => void (await update(ctx, carries.incidentId, values, who.id)),
      checkMember,
    ),
    onForm(
      mitigateForm,
      async (ctx, who, { carries, values: { how, inSpite } }) =>
        void (await mitigate(ctx, carries.incidentId, how, inSpite, who.id)),
      checkMember,
    ),
    onForm(
      resolveForm,
      async (ctx, who, { carries, values: { resolution, inSpite } }) =>
        void (await resolve(ctx, carries.incidentId, resolution, inSpite, who.id)),
      checkMember,
    ),
    onForm(
      reopenForm,
      async (ctx, who, { carries, values }) => void (await reopen(ctx, carries.incidentId, values.reason, who.id)),
      checkMember,
    ),
    onForm(
      cancelForm,
      async (ctx, who, { carries, values }) => {
        const why = cancelReasons.find((each) => each === values.why) ?? 'cancelled';
        await cancel(ctx, carries.incidentId, why, values.words, who.id);
      },
      checkMember,
    ),
    onForm(
      severityForm,
      async (ctx, who, { carries, values }) => {
        const to = severities.find((each) => each === values.severity) ?? 'sev2';
        await changeSeverity(ctx, carries.incidentId, to, values.reason, who.id);
      },
      checkMember,
    ),
    onForm(
      roleForm,
      async (ctx, who, { carries, values }) => {
        const role = roles.find((each) => each === values.role) ?? 'commander';
        await offerRole(ctx, carries.incidentId, role, values.person, who.id);
      },
      checkMember,
    ),
    onForm(
      mergeForm,
      async (ctx, who, { carries, values }) => void (await merge(ctx, carries.incidentId, values.into, who.id)),
      checkMember,
    ),
    onForm(
      timesForm,
      async (ctx, who, { carries: { incidentId, revision }, values }) => {
        const { revision: now } = await lockIncident(ctx, incidentId);
        if (now !== revision)
          throw new Refusal('Somebody changed this incident while you wrote. Close this and open it again.');
        const read = correctable.flatMap((name) => {
          const at = readTime(values[name] ?? '', name, ctx.now());
          return at ? [[name, at] as const] : [];
        });
        await correctTimes(ctx, incidentId, correctable, Object.fromEntries(read), who.id);
      },
      checkMember,
    ),
  ],
  events: [
    onEvent('reaction_added', Reaction, async (ctx, { user, reaction, item }) => {
      if (reaction === keepReaction) await keepMessage(ctx, item, user);
    }),
    onEvent('reaction_removed', Reaction, async (ctx, { user, reaction, item }) => {
      if (reaction === keepReaction) await dropMessage(ctx, item, user);
    }),
  ],
  routes: [
    onPost(
      '/api/v1/incidents',
      'Incidents that another system declares, up to 1,000 at a time',
      Incidents,
      takeIncidents,
    ),
  ],
  workers: [
    onWork('incident.channel', buildNextChannel),
    onWork('incident.pin', pinNext),
    onWork('incident.ask', askNext),
    onWork('incident.read', readNextNote),
  ],
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
    open: await openOn(ctx, model.id),
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

async function times(ctx: Context, incident: Incident) {
  const known = timesOf(await milestonesOf(ctx, incident.id));
  return timesModal(incident, known, disorder(known));
}

async function mergeModal(ctx: Context, carries: { incidentId: string }) {
  const incident = await lockIncident(ctx, carries.incidentId);
  mayChange(incident);
  const others = (await openIncidents(ctx)).filter(({ id, kind }) => id !== incident.id && kind === incident.kind);
  if (others.length === 0) throw new Refusal('No other incident is open, so there is none to merge it into.');
  const into = others.map(({ id, number, title }) => ({
    value: id,
    text: `Incident ${number}: ${title}`.slice(0, 75),
  }));
  return mergeForm.view(carries, { options: { into } });
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
