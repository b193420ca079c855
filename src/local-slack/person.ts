import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from './acts/outcome.ts';
import { valueFor } from './choices.ts';
import { channelCalled, directMessage } from './channels.ts';
import { perform } from './control.ts';
import type { Channel, Message } from './data.ts';
import { findButton, findInput, listed, sheetsOf, viewSheet, type Where } from './finding.ts';
import { type Fields, fieldsOf, textOf } from './json.ts';
import { messageShown, textShown } from './read.ts';
import { personCalled } from './people.ts';
import { type ChannelDeeds, channelDeeds, type DeedWithoutUser } from './person-in-channels.ts';
import { canvasText, isShownTo, seesChannel } from './snapshot.ts';
import { blocksOf, stackOf } from './views.ts';
import type { World } from './world.ts';

/** In these outcomes `errors` is by the label of the field. */
export interface PersonAtWork extends ChannelDeeds {
  /** In a thread Slack takes no commands. */
  command(text: string, channel?: string, thread?: string): Promise<Outcome>;
  say(text: string, opts?: { channel?: string; thread?: string }): Promise<{ ts: string }>;
  press(label: string, where?: Where): Promise<Outcome>;
  choose(label: string, option: string | string[], where?: Where): Promise<Outcome>;
  fill(values: Record<string, string | string[]>): Promise<void>;
  submit(values?: Record<string, string | string[]>): Promise<Outcome>;
  closeModal(): Promise<void>;
  modal(): string | undefined;
  home(): Promise<string>;
  /** What stands in the channel itself; replies are in `thread`. */
  channel(name: string): string[];
  thread(name: string, ts: string): string[];
  dm(): string[];
  ephemerals(): string[];
  /** What the canvas of a channel says, to whoever is in it. */
  canvas(name: string): string | undefined;
  shortcut(name: string, opts?: { message?: { channel: string; ts: string } }): Promise<Outcome>;
  react(emoji: string, channel: string, ts: string): Promise<Outcome>;
  edit(text: string, channel: string, ts: string): Promise<Outcome>;
  remove(channel: string, ts: string): Promise<Outcome>;
  join(channel: string): Promise<Outcome>;
  leave(channel: string): Promise<Outcome>;
  invite(who: string, channel: string): Promise<Outcome>;
  /** The ts of the newest message they see there with these words in it. */
  find(channel: string, containing: string): Promise<string>;
}

const patience = 2_000;
const silence = 60;
const settledSilence = 10;

/** Quiet means: no call of the app under way, and none for a moment. */
async function quiet(world: World, settle?: () => Promise<void>): Promise<void> {
  const end = Date.now() + patience;
  await settle?.();
  const pause = settle ? settledSilence : silence;
  world.activity.last = Math.max(world.activity.last, Date.now() - pause / 2);
  while (Date.now() < end && (world.activity.inFlight > 0 || Date.now() - world.activity.last < pause)) await sleep(5);
}

async function patiently<T>(look: () => T | undefined, complaint: () => string): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(complaint());
    await sleep(10);
  }
}

export function atWork(world: World, user: string, settle?: () => Promise<void>): PersonAtWork {
  const me = world.data.people.find(({ id }) => id === user);
  if (!me) throw new Error(`There is no person ${user}.`);
  const reader = { world, viewer: user };
  let atHome = false;

  const top = () => stackOf(world, user).at(-1);
  const sheets = (where?: Where) => sheetsOf(world, user, atHome, where);

  async function deed(given: DeedWithoutUser): Promise<Outcome> {
    if (given.kind === 'message' || given.kind === 'command') atHome = false;
    const done = await perform(world, { ...given, user });
    await quiet(world, settle);
    return done;
  }

  function place(name: string): Channel {
    const channel = name === 'dm' ? directMessage(world, user) : channelCalled(world, name);
    if (!channel) throw new Error(`There is no channel ${name}.`);
    return channel;
  }

  function usualPlace(): Channel {
    return (
      world.data.channels.find(({ kind, members }) => kind !== 'im' && members.includes(user)) ??
      directMessage(world, user)
    );
  }

  function shownIn(channel: Channel, keep: (message: Message) => boolean): string[] {
    if (!seesChannel(world, channel, user)) throw new Error(`${me?.name} does not see #${channel.name}.`);
    return channel.messages
      .filter((message) => isShownTo(message, user) && keep(message))
      .map((message) => messageShown(reader, message));
  }

  async function put(
    label: string,
    seen: string | string[],
    kind: 'action' | 'input',
    where?: Where,
  ): Promise<Outcome> {
    const hit = await patiently(
      () => findInput(world, user, sheets(where), label),
      () => `${me?.name} sees no input "${label}" in:\n${listed(world, user, sheets(where))}`,
    );
    const value = Array.isArray(seen)
      ? await Promise.all(seen.map((each) => valueFor(world, user, hit, each)))
      : await valueFor(world, user, hit, seen);
    const { block, element } = hit.found;
    const acts =
      block['type'] === 'input'
        ? block['dispatch_action'] === true
        : kind === 'action' || hit.sheet.container.type === 'view';
    const touch = {
      container: hit.sheet.container,
      block_id: textOf(block['block_id']),
      action_id: textOf(element['action_id']),
      value,
    };
    return deed({ kind: acts ? 'action' : 'input', ...touch });
  }

  function byLabel(outcome: Outcome, blocks: Fields[]): Outcome {
    if (!outcome.errors) return outcome;
    const label = (id: string) =>
      textShown(reader, fieldsOf(blocks.find((block) => block['block_id'] === id))['label']) || id;
    return {
      ...outcome,
      errors: Object.fromEntries(Object.entries(outcome.errors).map(([id, text]) => [label(id), text])),
    };
  }

  /** The buttons at the foot of a modal. */
  function frameButton(label: string): 'submit' | 'close' | undefined {
    const view = top()?.view;
    return (['submit', 'close'] as const).find((name) => view?.[name] && textShown(reader, view[name]) === label);
  }

  const openModal = () => patiently(top, () => `${me.name} has no modal open.`);

  const person: PersonAtWork = {
    command(text, channel, thread) {
      const { id } = channel ? place(channel) : usualPlace();
      return deed({ kind: 'command', channel: id, text, thread_ts: thread });
    },
    async say(text, { channel, thread } = {}) {
      const to = channel ? place(channel) : usualPlace();
      const done = await deed({ kind: 'message', channel: to.id, text, ...(thread ? { thread_ts: thread } : {}) });
      if (!done.ok) throw new Error(`${me.name} cannot write in #${to.name}: ${done.error}`);
      return { ts: textOf(fieldsOf(done)['ts']) };
    },
    async press(label, where) {
      const hit = await patiently(
        () => findButton(world, user, sheets(where), label) ?? frameButton(label),
        () => `nobody shows a button [${label}]; ${me.name} sees:\n${listed(world, user, sheets(where))}`,
      );
      if (hit === 'submit') return person.submit();
      if (hit === 'close') return deed({ kind: 'close', view_id: top()?.id ?? '' });
      const { block, element } = hit.found;
      return deed({
        kind: 'action',
        container: hit.sheet.container,
        block_id: textOf(block['block_id']),
        action_id: textOf(element['action_id']),
        value: hit.value,
      });
    },
    choose: (label, option, where) => put(label, option, 'action', where),
    async fill(values) {
      await openModal();
      for (const [label, seen] of Object.entries(values)) await put(label, seen, 'input');
    },
    async submit(values = {}) {
      const view = await openModal();
      await person.fill(values);
      if (!view.view['submit']) throw new Error('The modal has no submit button.');
      const blocks = blocksOf(view);
      return byLabel(await deed({ kind: 'submit', view_id: view.id }), blocks);
    },
    async closeModal() {
      const view = await openModal();
      await deed({ kind: 'close', view_id: view.id });
    },
    modal() {
      const view = top();
      return view ? viewSheet(reader, view, 'the modal').text : undefined;
    },
    async home() {
      atHome = true;
      await deed({ kind: 'open_home' });
      const view = world.data.homes[user];
      return view ? viewSheet(reader, view, 'Home').text : '';
    },
    channel: (name) =>
      shownIn(
        place(name),
        ({ ts, threadTs, broadcast }) => threadTs === undefined || threadTs === ts || broadcast === true,
      ),
    thread: (name, ts) => shownIn(place(name), (message) => message.ts === ts || message.threadTs === ts),
    dm: () => shownIn(directMessage(world, user), () => true),
    ephemerals: () =>
      world.data.channels
        .flatMap(({ messages }) => messages.filter(({ ephemeralTo }) => ephemeralTo === user))
        .toSorted((one, other) => Number(one.ts) - Number(other.ts))
        .map((message) => messageShown(reader, message)),
    canvas(name) {
      const channel = place(name);
      if (!seesChannel(world, channel, user)) throw new Error(`${me.name} does not see #${channel.name}.`);
      return canvasText(world, channel);
    },
    shortcut(name, { message } = {}) {
      const id = world.app.shortcuts.find((each) => each.name === name)?.callback_id ?? name;
      if (!message) return deed({ kind: 'shortcut', callback_id: id });
      return deed({ kind: 'message_shortcut', callback_id: id, channel: place(message.channel).id, ts: message.ts });
    },
    react: (emoji, channel, ts) =>
      deed({ kind: 'react', channel: place(channel).id, ts, name: emoji.replaceAll(':', '') }),
    edit: (text, channel, ts) => deed({ kind: 'edit', channel: place(channel).id, ts, text }),
    remove: (channel, ts) => deed({ kind: 'delete', channel: place(channel).id, ts }),
    join: (channel) => deed({ kind: 'join', channel: place(channel).id }),
    leave: (channel) => deed({ kind: 'leave', channel: place(channel).id }),
    invite: (who, channel) => deed({ kind: 'invite', channel: place(channel).id, invited: personCalled(world, who) }),
    find(name, containing) {
      const seen = () =>
        place(name).messages.findLast(
          (message) => isShownTo(message, user) && messageShown(reader, message).includes(containing),
        )?.ts;
      return patiently(seen, () => `${me.name} sees nothing with "${containing}" in ${name}.`);
    },
    ...channelDeeds(world, user, deed, place),
  };
  return person;
}
