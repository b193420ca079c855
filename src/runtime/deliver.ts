import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Context } from '../context.ts';
import type { Answer, Who } from '../doors.ts';
import type { Reply } from '../ports.ts';
import type { Message } from '../slack/blocks.ts';
import type { Outcome } from './answer.ts';
import { ask } from './slack-api.ts';
import { broken, refused, words } from './words.ts';

/** Where an answer can go back to. */
export interface Visit {
  readonly ctx: Context;
  readonly who: Who;
  readonly client: WebClient;
  readonly key: string;
  readonly triggerId?: string | undefined;
  readonly responseUrl?: string | undefined;
  /** No message may be left that says who came. */
  readonly isNameless?: boolean | undefined;
  /** The modal the person is looking at. */
  readonly modal?: { readonly id: string; readonly callbackId: string } | undefined;
}

/** The sentence a person gets for what came of it; `misread` says what an unreadable thing was. */
export function said(outcome: Outcome, misread: Message): Message | undefined {
  switch (outcome.kind) {
    case 'done':
      return outcome.answer.say;
    case 'repeated':
      return undefined;
    case 'refused':
      return refused(outcome.reason);
    case 'misread':
      return misread;
    case 'unreachable':
      return words.unreachable;
    case 'broken':
      return broken(outcome.reference);
  }
}

type Handed = { readonly [K in keyof Answer]: Answer[K] | undefined };

/** Hands an answer over. Whatever Slack says to that, the work is done: nothing here throws. */
export async function deliver(visit: Visit, answer: Handed): Promise<void> {
  const { ctx, who } = visit;
  const [opened, , shown, sent] = await Promise.all([
    answer.open && open(visit, answer.open),
    answer.say && say(visit, answer.say),
    answer.home && ctx.slack.publishHome(who.id, answer.home),
    answer.files && ctx.slack.sendFiles({ user: who.id, ...answer.files }),
  ]);
  if (shown && !shown.ok) ctx.log.error({ reply: shown }, 'a Home tab could not be shown');
  if (sent && !sent.ok) {
    ctx.log.error({ reply: sent }, 'a file could not be sent');
    await say(visit, words.fileNotSent);
  }
  if (!opened || opened.ok) return;
  ctx.log.warn({ reply: opened }, 'a form could not be opened');
  const late = opened.why === 'refused' && /trigger/.test(opened.code);
  await say(visit, late ? words.tooLateToOpen : words.couldNotOpen);
}

/** Steps of one form are named form, form/second, form/third. */
const formOf = (callbackId: string | undefined) => callbackId?.split('/')[0];

/** In the same modal, or a step of the same form, it is changed; from another one it is laid on top. */
async function open({ ctx, client, modal, triggerId }: Visit, view: ModalView): Promise<Reply<object>> {
  if (modal?.callbackId && formOf(modal.callbackId) === formOf(view.callback_id)) {
    return await ask(() => client.views.update({ view_id: modal.id, view }));
  }
  if (!triggerId) return { ok: false, why: 'refused', code: 'no_trigger' };
  return modal
    ? await ask(() => client.views.push({ trigger_id: triggerId, view }))
    : await ctx.slack.openView(triggerId, view);
}

/** The nearest place first: under the hand of the person, else in their channel, else as a direct message. */
async function say({ ctx, who, key, responseUrl, isNameless }: Visit, message: Message): Promise<void> {
  if (responseUrl && (await respond(responseUrl, message))) return;
  if (who.channel) {
    const told = await ctx.slack.tell({ channel: who.channel, user: who.id, message });
    if (told.ok) return;
  }
  if (isNameless) return;
  const dm = await ctx.slack.openDm(who.id);
  const sent = dm.ok ? await ctx.slack.post({ channel: dm.value.channel, message, marker: `answer:${key}` }) : dm;
  if (!sent.ok) ctx.log.error({ reply: sent }, 'an answer could not be delivered');
}

/** A response URL works for half an hour, in every channel, without our being a member. */
export async function respond(url: string, message: Message): Promise<boolean> {
  try {
    const answered = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ephemeral(message)),
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    });
    return answered.ok;
  } catch {
    return false;
  }
}

export function ephemeral({ text, blocks }: Message) {
  const shown = blocks.length > 0 ? { blocks: [...blocks] } : {};
  return { response_type: 'ephemeral' as const, replace_original: false, text, ...shown };
}
