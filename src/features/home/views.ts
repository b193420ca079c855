import type { HomeView, KnownBlock } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, divider, footnote, header, type Message, message, section } from '../../slack/blocks.ts';
import { limits } from '../../slack/limits.ts';
import { channelLink, join, md, person, plural } from '../../slack/mrkdwn.ts';
import type { Alert } from '../drift/schema.ts';
import type { Incident } from '../incidents/schema.ts';
import type { Model } from '../models/schema.ts';
import type { Rollback } from '../rollbacks/schema.ts';

export interface Standing {
  readonly who: string;
  readonly alerts: readonly { alert: Alert; model: Model }[];
  readonly rollbacks: readonly { rollback: Rollback; model: Model }[];
  readonly incidents: readonly { incident: Incident; model: Model }[];
  readonly models: readonly Model[];
}

export function homeView(standing: Standing): HomeView {
  return { type: 'home', blocks: [...waiting(standing), divider(), ...mine(standing)].slice(0, limits.blocksInView) };
}

function waiting({ who, alerts, rollbacks, incidents }: Standing): KnownBlock[] {
  const toDecide = rollbacks.filter(({ rollback }) => rollback.requestedBy !== who);
  const rows = [
    ...toDecide.map(
      ({ rollback, model }) =>
        md`:raised_hand: Rollback ${rollback.number} of *${model.name}* to version ${rollback.toVersion} waits in ${channelLink(model.channel)}`,
    ),
    ...alerts.map(
      ({ alert, model }) =>
        md`:red_circle: Drift alert ${alert.number} on *${model.name}* in ${channelLink(model.channel)}`,
    ),
    ...incidents.map(
      ({ incident, model }) =>
        md`:rotating_light: Incident ${incident.number} on *${model.name}*: ${incident.title} ${incident.channel ? channelLink(incident.channel) : ''}`,
    ),
  ];
  return [
    header('What stands open'),
    section(
      rows.length > 0 ? join(rows.slice(0, 20), '\n') : md`:white_check_mark: Nothing waits. All models are quiet.`,
    ),
  ];
}

function mine({ who, models }: Standing): KnownBlock[] {
  const own = models.filter((model) => model.ownerId === who || model.deputyId === who);
  const rows = own.map(
    (model) =>
      md`• *${model.name}*, tier ${model.tier}, in ${channelLink(model.channel)} – you are the ${model.ownerId === who ? 'owner' : 'deputy'}`,
  );
  return [
    header('My models'),
    section(rows.length > 0 ? join(rows.slice(0, 20), '\n') : md`You own no model yet.`),
    buttons(button('Show drift alerts', actions.showAlerts, {})),
    footnote(md`\`/ml help\` says everything I can do.`),
  ];
}

/** What `/ml` alone shows. */
export function menu(standing: Standing): Message {
  const { alerts, incidents, models } = standing;
  const first = models[0];
  return message(
    md`What you can do here.`,
    section(
      md`*Pitcrew* – ${plural(models.length, 'model')}, ${plural(alerts.length, 'open drift alert')}, ${plural(incidents.length, 'open incident')}.`,
    ),
    buttons(
      button('Show drift alerts', actions.showAlerts, {}),
      ...(first ? [button(`Roll back ${first.name}`, actions.askForRollback, { modelId: first.id })] : []),
      ...(first ? [button('Declare incident', actions.declareIncident, { modelId: first.id })] : []),
    ),
    section(
      first
        ? md`*${first.name}* is talked about here; ${person(first.ownerId)} owns it. For another model: \`/ml rollback <model>\`, \`/ml incident declare <model>\`.`
        : md`No model is registered yet.`,
    ),
    footnote(md`\`/ml help\` says everything.`),
  );
}
