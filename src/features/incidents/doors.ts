import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onForm, onPost, onQuestion, onWork } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { modelById, modelsByIds } from '../models/queries.ts';
import { membersOf, teamById, teamMeant } from '../teams/queries.ts';
import { checkMember, checkStandings } from '../teams/store.ts';
import { cancel, changeSeverity, close, confirm, mitigate, reopen, resolve } from './changes.ts';
import { archiveNext, keepChannel, setArchiveRule } from './archiving/changes.ts';
import { archiveForm, archiveModal } from './archiving/forms.ts';
import { archiveRulesFor } from './archiving/queries.ts';
import { everywhere } from './archiving/schema.ts';
import { archiveRuleSaid } from './archiving/views.ts';
import { buildNextChannel, pinNext } from './channel.ts';
import {
  cancelForm,
  letInForm,
  mergeForm,
  mitigateForm,
  reopenForm,
  resolveForm,
  roleForm,
  severityForm,
  updateForm,
} from './forms.ts';
import { Incidents, takeIncidents } from './intake.ts';
import { merge, unmerge } from './merging/changes.ts';
import { askNext, update } from './news/changes.ts';
import { incidentById, lockIncident, openIncidents } from './queries.ts';
import { notify } from './notices/changes.ts';
import { noticeForm, noticeView } from './notices/forms.ts';
import { noticesOf } from './notices/queries.ts';
import { answerOffer, offerRole, takeCommand } from './roles/changes.ts';
import { mayCancel, mayChange, mayReopen } from './rules.ts';
import { cancelReasons, type Incident, roles, severities } from './schema.ts';
import { incidentList } from './listing/views.ts';
import { letIn } from './visibility/changes.ts';

export const incidents: Doors = {
  commands: [
    onQuestion('incident', 'The incidents that are open', (ctx, who) => list(ctx, who.id)),
    onCommand(
      'incident archive [team…]',
      'Archive channels of closed incidents, for a team or the whole workspace',
      async (ctx, who, { team: name = '' }) => {
        const team = await teamMeant(ctx, who, name);
        return { open: archiveModal(team, await archiveRulesFor(ctx, team.id)) };
      },
    ),
  ],
  actions: [
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
    onAction(actions.updateIncident, async (ctx, who, carries) => {
      mayChange(await lockIncident(ctx, carries.incidentId, who.id));
      return { open: updateForm.view(carries) };
    }),
    onAction(actions.mitigateIncident, async (ctx, who, carries) => {
      mayChange(await lockIncident(ctx, carries.incidentId, who.id));
      return { open: mitigateForm.view(carries) };
    }),
    onAction(actions.resolveIncident, async (ctx, who, carries) => {
      mayChange(await lockIncident(ctx, carries.incidentId, who.id));
      return { open: resolveForm.view(carries) };
    }),
    onAction(actions.reopenIncident, async (ctx, who, carries) => {
      mayReopen(await lockIncident(ctx, carries.incidentId, who.id));
      return { open: reopenForm.view(carries) };
    }),
    onAction(
      actions.closeIncident,
      async (ctx, who, { incidentId }) => void (await close(ctx, incidentId, who.id)),
      checkMember,
    ),
    onAction(actions.cancelIncident, async (ctx, who, carries) => {
      mayCancel(await lockIncident(ctx, carries.incidentId, who.id));
      return { open: cancelForm.view(carries) };
    }),
    onAction(actions.incidentSeverity, async (ctx, who, carries) => {
      const incident = await lockIncident(ctx, carries.incidentId, who.id);
      mayChange(incident);
      return {
        open: severityForm.view({ ...carries, seen: incident.severity }, { start: { severity: incident.severity } }),
      };
    }),
    onAction(actions.incidentRoles, async (ctx, who, carries) => {
      mayChange(await lockIncident(ctx, carries.incidentId, who.id));
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
    onAction(actions.letIntoIncident, async (ctx, who, carries) => {
      await incidentById(ctx, carries.incidentId, who.id);
      return { open: letInForm.view(carries) };
    }),
    onAction(
      actions.unmergeIncident,
      async (ctx, who, { incidentId }) => void (await unmerge(ctx, incidentId, who.id)),
      checkMember,
    ),
    onAction(actions.tellStakeholders, async (ctx, who, { incidentId }) => ({
      open: await noticeModal(ctx, await incidentById(ctx, incidentId, who.id)),
    })),
    onAction(
      actions.keepChannel,
      async (ctx, who, { incidentId }) => await keepChannel(ctx, incidentId, who.id),
      checkMember,
    ),
    onAction(actions.mergeIncident, async (ctx, who, carries) => ({ open: await mergeModal(ctx, carries, who.id) })),
  ],
  forms: [
    onForm(
      letInForm,
      async (ctx, who, { carries, values }) => void (await letIn(ctx, carries.incidentId, values.people, who.id)),
      async (ctx, who, { values }) => {
        await checkMember(ctx, who);
        await checkStandings(ctx, values.people);
      },
    ),
    onForm(
      archiveForm,
      async (ctx, who, { carries: { teamId }, values: { scope, days } }) => {
        const { name } = await teamById(ctx, teamId);
        await setArchiveRule(ctx, scope === everywhere ? everywhere : teamId, days, who.id);
        return { say: archiveRuleSaid(scope === everywhere ? 'The whole workspace' : name, days) };
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
        const { severity: now } = await lockIncident(ctx, carries.incidentId, who.id);
        if (now !== carries.seen)
          throw new Refusal(`Somebody made it a ${now.toUpperCase()} while you looked. Close this and open it again.`, {
            field: 'severity',
          });
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
      noticeForm,
      async (ctx, who, { carries, values: { text, channel, people } }) =>
        await notify(ctx, carries.incidentId, { text, channel, people }, who.id),
      checkMember,
    ),
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
    onWork('incident.archive', archiveNext),
    onWork('incident.ask', askNext),
  ],
};

async function mergeModal(ctx: Context, carries: { incidentId: string }, viewer: string) {
  const incident = await lockIncident(ctx, carries.incidentId, viewer);
  mayChange(incident);
  const others = (await openIncidents(ctx, viewer)).filter(
    ({ id, kind, isPrivate }) => id !== incident.id && kind === incident.kind && (isPrivate || !incident.isPrivate),
  );
  if (others.length === 0) throw new Refusal('No other incident is open, so there is none to merge it into.');
  const into = others.map(({ id, number, title }) => ({
    value: id,
    text: `Incident ${number}: ${title}`.slice(0, 75),
  }));
  return mergeForm.view(carries, { options: { into } });
}

async function noticeModal(ctx: Context, incident: Incident) {
  const model = await modelById(ctx, incident.modelId);
  const stakeholders = (await membersOf(ctx, model.teamId)).filter(({ roles }) => roles.includes('stk'));
  const told = incident.isPrivate ? [] : stakeholders.map(({ person }) => person.id);
  return noticeView(incident, model, { told, before: await noticesOf(ctx, incident.id) });
}

async function list(ctx: Context, viewer: string) {
  const open = await openIncidents(ctx, viewer);
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
