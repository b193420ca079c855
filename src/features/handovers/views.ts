import { z } from 'zod';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { form } from '../../slack/forms.ts';
import { userField } from '../../slack/fields.ts';
import { channelLink, lines, md, type Mrkdwn, person, plural, when } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import type { Handover, Offered } from './schema.ts';

/** So many stand on one card; the others follow once these are answered. */
const mostOnCard = 12;

/** To the person who is asked; after somebody left, about everything they owned. */
export function offerCard(rows: readonly Offered[]): Message {
  const [first] = rows;
  if (!first) throw new Error('a card without an offer');
  const open = rows.filter(({ handover }) => handover.state === 'open');
  return rows.length === 1 ? cardOfOne(first) : cardOfMany(first.handover, rows, open);
}

function cardOfOne({ handover, model }: Offered): Message {
  const why =
    handover.reason === 'transfer'
      ? md`${person(handover.fromId)} asks you to take over *${model.name}*.`
      : md`*${model.name}* needs a new owner: ${person(handover.fromId)} is no longer in its team. You are asked first.`;
  return message(
    md`${model.name} needs your word: will you own it? ${stateLine(handover)}`,
    section(why),
    section(md`${duty} It is tier ${model.tier} and is talked about in ${channelLink(model.channel)}.`),
    handover.state === 'open' && buttons(...answers(handover)),
    footnote(stateLine(handover)),
  );
}

function cardOfMany({ fromId, cardId }: Handover, rows: readonly Offered[], open: readonly Offered[]): Message {
  const settled = rows.filter(({ handover }) => handover.state !== 'open');
  const shown = open.slice(0, mostOnCard);
  return message(
    open.length > 0
      ? md`${plural(open.length, 'model')} ${open.length === 1 ? 'needs' : 'need'} your word: will you own them? ${person(fromId)} is no longer in their team.`
      : md`What ${person(fromId)} owned is settled. Thank you.`,
    section(
      md`${person(fromId)} is no longer in the team, and *${plural(rows.length, 'model')} ${rows.length === 1 ? 'needs' : 'need'} a new owner*. ${duty}`,
    ),
    ...shown.flatMap(({ handover, model }) => [
      section(md`*${model.name}*, tier ${model.tier}, in ${channelLink(model.channel)}. ${stateLine(handover)}`),
      buttons(...answers(handover)),
    ]),
    open.length > shown.length &&
      footnote(md`and ${open.length - shown.length} more, which follow once these are answered.`),
    open.length > 1 && buttons(button(`Accept all ${open.length}`, actions.acceptAllHandovers, { cardId })),
    settled.length > 0 &&
      section(
        lines(
          ...settled.slice(0, mostOnCard).map(({ handover, model }) => md`• *${model.name}*: ${stateLine(handover)}`),
        ),
      ),
  );
}

const duty = md`An owner answers for the model: hears its alerts, approves its rollbacks, keeps its goals.`;

function answers({ id }: Handover) {
  const value = { handoverId: id };
  return [
    button('Accept', actions.acceptHandover, value, { style: 'primary' }),
    button('Choose somebody else', actions.chooseOwner, value),
    button('Decline', actions.declineHandover, value),
  ];
}

/** A day later, in their working hours. */
export function reminderCard(rows: readonly Offered[]): Message {
  const open = rows.filter(({ handover }) => handover.state === 'open');
  const [first] = open;
  if (!first) return sentence(md`:white_check_mark: All of this is answered. Thank you.`);
  const what = open.length === 1 ? md`*${first.model.name}* still waits` : md`*${open.length} models* still wait`;
  return message(
    md`${what} for your word: will you own ${open.length === 1 ? 'it' : 'them'}?`,
    section(
      md`${what} for your word. If it is not for you, *Decline* is a good answer: somebody else is asked at once. ${stateLine(first.handover)}`,
    ),
    open.length === 1 && buttons(...answers(first.handover)),
    open.length > 1 && footnote(md`The card stands above, and on my Home tab.`),
  );
}

function stateLine(handover: Handover): Mrkdwn {
  const ended = handover.endedAt ?? handover.askedAt;
  switch (handover.state) {
    case 'open':
      return handover.reason === 'transfer'
        ? md`Open until ${when(handover.dueAt)}; until then ${person(handover.fromId)} stays the owner.`
        : md`If nobody answers, somebody else is asked ${when(handover.dueAt)}.`;
    case 'accepted':
      return md`:white_check_mark: ${person(handover.endedBy ?? handover.askedId)} owns it since ${when(ended)}.`;
    case 'declined':
      return md`Declined ${when(ended)}.`;
    case 'withdrawn':
      return handover.endedBy === 'pitcrew'
        ? md`No longer needed: it has an owner again.`
        : md`Taken back ${when(ended)}.`;
    case 'expired':
      return md`Nobody answered in time; somebody else is asked.`;
  }
}

/** In the model's channel, once it is settled. */
export function newOwnerCard(model: Model, from: string): Message {
  const words = md`${person(model.ownerId)} owns *${model.name}* now; it was ${person(from)}. Deputy: ${model.deputyId ? person(model.deputyId) : md`nobody yet – \`/ml model edit ${model.name}\` names one`}.`;
  return message(words, section(md`:handshake: ${words}`));
}

/** When nobody is left to ask. */
export function nobodyCard(model: Model): Message {
  const words = md`*${model.name}* has no owner, and everybody in its team was asked. Whoever takes it: \`/ml model transfer ${model.name} @you\`.`;
  return message(md`${model.name} has no owner: everybody in its team was asked.`, section(md`:warning: ${words}`));
}

/** To who offered it; it can be taken back. */
export function offeredCard({ id, askedId }: Handover, name: string): Message {
  const words = md`${person(askedId)} is asked to own *${name}*. Until they accept, nothing changes.`;
  return message(words, section(words), buttons(button('Withdraw', actions.declineHandover, { handoverId: id })));
}

export const offerForm = form(
  'handover.offer',
  { title: 'Hand over a model', submit: 'Ask them' },
  z.object({ modelId: z.uuid() }),
  { ownerId: userField('New owner', 'They are asked, and own it once they accept.') },
);

export const chooseForm = form(
  'handover.choose',
  { title: 'Choose an owner', submit: 'Ask them' },
  z.object({ handoverId: z.uuid() }),
  { ownerId: userField('New owner', 'They are asked, and own it once they accept.') },
);
