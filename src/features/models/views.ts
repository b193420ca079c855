import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, fields, footnote, type Message, message, section } from '../../slack/blocks.ts';
import { channelLink, join, md, person, plural } from '../../slack/mrkdwn.ts';
import type { Model } from './schema.ts';

const tierWords = { 1: 'business critical', 2: 'production', 3: 'experiment' } as const;

export function whoCard(model: Model): Message {
  return message(
    md`${model.name} is owned by ${person(model.ownerId)}, deputy ${person(model.deputyId)}.`,
    section(md`*${model.name}*${model.description ? md` – ${model.description}` : ''}`),
    fields(
      md`*Owner*\n${person(model.ownerId)}`,
      md`*Deputy*\n${person(model.deputyId)}`,
      md`*Channel*\n${channelLink(model.channel)}`,
      md`*Tier*\n${model.tier}, ${tierWords[model.tier]}`,
    ),
    buttons(button('Roll back', actions.askForRollback, { modelId: model.id })),
  );
}

export function modelList(models: readonly Model[]): Message {
  if (models.length === 0) return message(md`No model is registered yet.`, section(md`No model is registered yet.`));
  const shown = models
    .slice(0, 40)
    .map((model) => md`• *${model.name}* – ${person(model.ownerId)}, tier ${model.tier}`);
  return message(
    md`${plural(models.length, 'model is', 'models are')} registered.`,
    section(join(shown, '\n')),
    models.length > 40 && footnote(md`and ${models.length - 40} more`),
  );
}
