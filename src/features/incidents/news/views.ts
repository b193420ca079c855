import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, footnote, type Message, message, section } from '../../../slack/blocks.ts';
import { lines, md, person, when, withStop } from '../../../slack/mrkdwn.ts';
import type { Model } from '../../models/schema.ts';
import { answersFor } from '../rules.ts';
import type { Incident, IncidentUpdate } from '../schema.ts';

/** How it is, what is done, what is needed: so that nobody has to ask. */
export function newsMessage(incident: Incident, model: Model, update: IncidentUpdate): Message {
  const { number, conditions, needs, by } = update;
  return message(
    md`Update ${number} of incident ${incident.number} on ${model.name}: ${withStop(md`${conditions}`)}${needs === '' ? '' : md` Needed: ${withStop(md`${needs}`)}`}`,
    section(md`:mega: *Update ${number}* of incident ${incident.number}, ${model.name}`),
    section(
      lines(
        md`*How it is:* ${conditions}`,
        update.actions !== '' && md`*What is done:* ${update.actions}`,
        update.needs !== '' && md`*What is needed:* ${needs}`,
      ),
    ),
    footnote(md`By ${person(by)} ${when(update.at)}`),
  );
}

export function reminder(
  incident: Incident,
  model: Model,
  { commander, since }: { commander: string | undefined; since: Date },
): Message {
  const value = { incidentId: incident.id };
  const words = commander
    ? md`:hourglass_flowing_sand: ${person(commander)}, the last word on incident ${incident.number} is from ${when(since)}. How does it stand?`
    : md`:hourglass_flowing_sand: ${person(answersFor(incident, model))}, nobody leads incident ${incident.number} on ${model.name} since ${when(since)}. Please take command, or ask somebody to.`;
  const press = commander
    ? button('Update', actions.updateIncident, value, { style: 'primary' })
    : button('Take command', actions.takeCommand, value, { style: 'primary' });
  return message(words, section(words), buttons(press));
}
