import { capital } from '../../lib/capital.ts';
import type { KnownBlock } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, section } from '../../slack/blocks.ts';
import { lines, md, type Mrkdwn, person, plural, when } from '../../slack/mrkdwn.ts';
import { nobody } from '../handovers/rules.ts';
import type { Model } from '../models/schema.ts';
import { type Estate, isSettled, needsDeputy, needsOwner } from './rules.ts';

const mostShown = 12;
const mostButtons = 12;

/** To the lead: everything that needs a new holder, and what became of it. */
export function departureCard(estate: Estate): Message {
  const { team, gone, isBack, owned, deputised } = estate;
  if (isBack) {
    const words = md`${person(gone)} is back in *${team.name}*. What nobody took over meanwhile is theirs as before.`;
    return message(words, section(md`:white_check_mark: ${words}`));
  }
  const open = owned.filter((model) => needsOwner(model, estate)).length;
  const bare = deputised.filter((model) => needsDeputy(model, estate));
  const leads = team.leadId === gone;
  return message(
    isSettled(estate)
      ? md`${person(gone)} is no longer in ${team.name}. ${settledWords(estate)}`
      : md`${person(gone)} is no longer in ${team.name}. ${openWords(open, bare.length, leads)}`,
    section(
      lines(
        md`*${person(gone)} is no longer in ${team.name}.* ${isSettled(estate) ? settledWords(estate) : openWords(open, bare.length, leads)}`,
        estate.toldId !== null && estate.toldId !== team.leadId && md`You hear of it because the team has no lead now.`,
      ),
    ),
    leads && withButton(md`:warning: *The team needs a lead.*`, 'Choose a lead', estate),
    owned.length > 0 && section(rows('Owner', owned, (model) => ownerLine(model, estate))),
    deputised.length > 0 && section(rows('Deputy', deputised, (model) => deputyLine(model, estate))),
    ...bare.slice(0, mostButtons).map((model) => ({
      ...section(md`*${model.name}* needs a deputy.`),
      accessory: button('Choose a deputy', actions.editModel, { modelId: model.id }),
    })),
    buttons(button('Show open duties', actions.showCoverage, { teamId: team.id })),
    footnote(
      md`Duties they held by name or by role count as open now. Nothing passes on by itself: whoever takes a model over says yes first.`,
    ),
  );
}

function settledWords({ owned, deputised }: Estate): Mrkdwn {
  return owned.length + deputised.length > 0
    ? md`:white_check_mark: Every model they held has a new holder.`
    : md`They owned no model.`;
}

function openWords(owners: number, deputies: number, lead: boolean): string {
  const open = [
    owners > 0 && `${plural(owners, 'model')} ${owners === 1 ? 'needs' : 'need'} an owner`,
    deputies > 0 && `${plural(deputies, 'model')} ${deputies === 1 ? 'needs' : 'need'} a deputy`,
    lead && 'the team needs a lead',
  ].filter((part) => part !== false);
  const text = open.join(', ');
  return `${capital(text)}.`;
}

function withButton(text: Mrkdwn, label: string, { team }: Estate): KnownBlock {
  return { ...section(text), accessory: button(label, actions.editTeam, { teamId: team.id }) };
}

function rows(title: string, models: readonly Model[], line: (model: Model) => Mrkdwn): Mrkdwn {
  const more = models.length - mostShown;
  return lines(
    md`*${title}*`,
    ...models.slice(0, mostShown).map((model) => md`• ${model.name}: ${line(model)}`),
    more > 0 && md`• and ${more} more: \`/ml models orphans\``,
  );
}

function ownerLine(model: Model, estate: Estate): Mrkdwn {
  if (!needsOwner(model, estate)) return settled(model, model.ownerId);
  const asked = estate.asked.get(model.id);
  if (!asked) return md`:hourglass_flowing_sand: somebody is asked in a moment`;
  return asked.askedId === nobody
    ? md`:warning: everybody was asked and nobody took it; \`/ml model transfer ${model.name} @person\` asks once more`
    : md`:hourglass_flowing_sand: ${person(asked.askedId)} is asked; if they do not answer, somebody else is asked ${when(asked.dueAt)}`;
}

function deputyLine(model: Model, estate: Estate): Mrkdwn {
  return needsDeputy(model, estate) ? md`:grey_question: open` : settled(model, model.deputyId ?? '');
}

function settled(model: Model, holder: string): Mrkdwn {
  return model.retiredAt === null
    ? md`:white_check_mark: ${person(holder)}`
    : md`:heavy_minus_sign: the model is retired`;
}
