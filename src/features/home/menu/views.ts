import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, footnote, type Message, message, section } from '../../../slack/blocks.ts';
import { md, person, plural } from '../../../slack/mrkdwn.ts';
import type { Here } from '../queries.ts';

/** What `/ml` alone shows. */
export function menu({ models, alerts, incidents, model }: Here, here: boolean): Message {
  return message(
    md`What you can do here.`,
    section(
      md`*Pitcrew* – ${plural(models, 'model')}, ${plural(alerts, 'open drift alert')}, ${plural(incidents, 'open incident')}.`,
    ),
    buttons(
      button('Show drift alerts', actions.showAlerts, {}),
      ...(model ? [button(`Roll back ${model.name}`, actions.askForRollback, { modelId: model.id })] : []),
      ...(model ? [button('Metrics', actions.showMetrics, { modelId: model.id })] : []),
      ...(model ? [button('Declare incident', actions.declareIncident, { modelId: model.id })] : []),
    ),
    models === 0 &&
      section(
        md`:wave: It begins with a team: \`/ml team new\`. Then \`/ml model register\` adds a model, or \`/ml models import\` takes it from the registry.`,
      ),
    section(
      model
        ? md`*${model.name}* ${here ? 'is talked about here' : 'is yours'}; ${person(model.ownerId)} owns it. For another model: \`/ml rollback <model>\`, \`/ml metrics <model>\`, \`/ml incident declare <model>\`.`
        : md`No model is talked about in this channel, and you own none. \`/ml models\` lists all.`,
    ),
    footnote(md`\`/ml help\` says everything.`),
  );
}
