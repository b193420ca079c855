import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onForm, onShortcut } from '../../doors.ts';
import { readable } from '../../slack/mrkdwn.ts';
import { evidenceOf } from '../drift/queries.ts';
import { declare } from '../incidents/declaring/changes.ts';
import { declareForm, declareFromForm, declareModal, type Quoted, quoted } from '../incidents/forms.ts';
import { openAffecting } from '../incidents/queries.ts';
import { incidentKinds, severities } from '../incidents/schema.ts';
import { addMessage } from '../incidents/timeline/changes.ts';
import { modelById, modelNamed, modelsIn } from '../models/queries.ts';
import { nearest } from '../postmortems/similar/queries.ts';
import { pastLine } from '../postmortems/similar/views.ts';
import { liveVersion } from '../releases/store.ts';
import { namesIn } from '../teams/queries.ts';
import { checkMember, checkStandings } from '../teams/store.ts';

/** So many past ones stand in the form: more would not be read while something burns. */
const mostPast = 3;

export const declarations: Doors = {
  commands: [
    onCommand('incident declare <model>', 'Declare an incident on a model', async (ctx, who, { model = '' }) => {
      const { id } = await modelNamed(ctx, model);
      return { open: await form(ctx, { modelId: id }, who.id) };
    }),
  ],
  shortcuts: [
    onShortcut(
      {
        id: 'incident.from-message',
        name: 'Declare incident',
        description: 'An incident that begins with this message',
      },
      async (ctx, who, pointed) => {
        const message = quoted(pointed);
        const [model, another] = await modelsIn(ctx, message.channel);
        if (model && !another) return { open: await form(ctx, { modelId: model.id, message }, who.id) };
        const first = model && [{ value: model.id, text: model.name }];
        return { open: declareFromForm.view(message, first && { options: { modelId: first } }) };
      },
      checkMember,
    ),
  ],
  actions: [onAction(actions.declareIncident, async (ctx, who, about) => ({ open: await form(ctx, about, who.id) }))],
  forms: [
    onForm(
      declareFromForm,
      async (ctx, who, { carries: message, values: { modelId } }) => ({
        open: await form(ctx, { modelId, message }, who.id),
      }),
      checkMember,
    ),
    onForm(
      declareForm,
      async (ctx, who, { carries, values }) => {
        const known = await facts(ctx, carries);
        const { modelId, alertId, message } = carries;
        const { title, summary, sure, another } = values;
        const furtherModels = another === undefined ? [] : [another];
        const severity = severities.find((each) => each === values.severity) ?? 'sev2';
        const kind = incidentKinds.find((each) => each === values.kind) ?? 'incident';
        const said = { title, summary, severity, kind, isSuspected: sure === 'triage' };
        const onlyFor = values.sees === 'private' ? (values.people ?? []) : undefined;
        const about = { modelId, ...(alertId && { alertId }) };
        const { incident } = await declare(ctx, { ...about, ...said, ...known, furtherModels, onlyFor }, who.id);
        if (message?.text) await addMessage(ctx, incident.id, message, message, who.id);
      },
      async (ctx, who, { values }) => {
        await checkMember(ctx, who);
        await checkStandings(ctx, values.people ?? []);
      },
    ),
  ],
};

interface About {
  readonly modelId: string;
  readonly alertId?: string | undefined;
  readonly rollbackId?: string | undefined;
  readonly message?: Quoted | undefined;
}

async function form(ctx: Context, about: About, viewer: string) {
  const { message } = about;
  const model = await modelById(ctx, about.modelId);
  const { version, evidence } = await facts(ctx, about);
  const told = [evidence, message?.text ?? ''].join(' ');
  const like = { modelId: model.id, onlyThisModel: true, words: told, most: mostPast };
  const title = about.alertId ? `${model.name} has drifted` : `${model.name}: `;
  return declareModal(model, {
    title,
    version,
    evidence,
    open: await openAffecting(ctx, model.id, viewer),
    past: (await nearest(ctx, like, viewer)).map(pastLine),
    ...(about.alertId && { alertId: about.alertId }),
    ...(about.rollbackId && { rollbackId: about.rollbackId }),
    ...(message && { message: { quoted: message, reads: readable(message.text, await namesIn(ctx, message.text)) } }),
  });
}

/** What is known already, so that nobody has to type it while something burns. */
async function facts(ctx: Context, { modelId, alertId }: About) {
  const model = await modelById(ctx, modelId);
  const live = await liveVersion(ctx, model.id, model.environment);
  const alert = alertId ? await evidenceOf(ctx, alertId) : undefined;
  return {
    version: live?.version ?? null,
    evidence: alert?.words ?? '',
    onset: alert?.since,
    detectedAt: alert?.raisedAt,
    taken: alert?.taken,
  };
}
