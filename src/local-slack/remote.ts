import { z } from 'zod';
import { faultSchema } from './control.ts';
import type { PersonAtWork } from './person.ts';
import type { LocalSlack } from './stand-in.ts';

const by = { user: z.string() };
const words = z.union([z.string(), z.array(z.string())]);
const values = z.record(z.string(), words);
const where = z
  .object({
    channel: z.string().exactOptional(),
    containing: z.string().exactOptional(),
    ts: z.string().exactOptional(),
  })
  .default({});
const at = { channel: z.string(), ts: z.string() };

/** What a person does, by what they see. */
const Deed = z.discriminatedUnion('do', [
  z.object({ do: z.literal('command'), ...by, text: z.string(), channel: z.string().optional() }),
  z.object({
    do: z.literal('say'),
    ...by,
    text: z.string(),
    channel: z.string().exactOptional(),
    thread: z.string().exactOptional(),
  }),
  z.object({ do: z.literal('press'), ...by, label: z.string(), where }),
  z.object({ do: z.literal('choose'), ...by, label: z.string(), option: words, where }),
  z.object({ do: z.literal('fill'), ...by, values }),
  z.object({ do: z.literal('submit'), ...by, values: values.default({}) }),
  z.object({ do: z.literal('close'), ...by }),
  z.object({ do: z.literal('shortcut'), ...by, name: z.string(), message: z.object(at).exactOptional() }),
  z.object({ do: z.literal('react'), ...by, emoji: z.string(), ...at }),
  z.object({ do: z.literal('edit'), ...by, text: z.string(), ...at }),
  z.object({ do: z.literal('delete'), ...by, ...at }),
  z.object({ do: z.literal('join'), ...by, channel: z.string() }),
  z.object({ do: z.literal('leave'), ...by, channel: z.string() }),
  z.object({ do: z.literal('invite'), ...by, channel: z.string(), who: z.string() }),
  z.object({
    do: z.literal('see'),
    ...by,
    what: z.enum(['channel', 'thread', 'dm', 'ephemerals', 'modal', 'home']),
    channel: z.string().default('dm'),
    ts: z.string().default(''),
  }),
]);
type Deed = z.infer<typeof Deed>;

function done(me: PersonAtWork, deed: Deed): unknown {
  switch (deed.do) {
    case 'command':
      return me.command(deed.text, deed.channel);
    case 'say':
      return me.say(deed.text, deed);
    case 'press':
      return me.press(deed.label, deed.where);
    case 'choose':
      return me.choose(deed.label, deed.option, deed.where);
    case 'fill':
      return me.fill(deed.values);
    case 'submit':
      return me.submit(deed.values);
    case 'close':
      return me.closeModal();
    case 'shortcut':
      return me.shortcut(deed.name, deed);
    case 'react':
      return me.react(deed.emoji, deed.channel, deed.ts);
    case 'edit':
      return me.edit(deed.text, deed.channel, deed.ts);
    case 'delete':
      return me.remove(deed.channel, deed.ts);
    case 'join':
      return me.join(deed.channel);
    case 'leave':
      return me.leave(deed.channel);
    case 'invite':
      return me.invite(deed.who, deed.channel);
    case 'see':
      return seen(me, deed);
  }
}

function seen(me: PersonAtWork, { what, channel, ts }: Extract<Deed, { do: 'see' }>): unknown {
  switch (what) {
    case 'channel':
      return me.channel(channel);
    case 'thread':
      return me.thread(channel, ts);
    case 'dm':
      return me.dm();
    case 'ephemerals':
      return me.ephemerals();
    case 'modal':
      return me.modal() ?? null;
    case 'home':
      return me.home();
  }
}

/** The control API, for tests in other processes and languages: a name, what it is given, and what comes back. */
const controls: Readonly<Record<string, (slack: LocalSlack, given: unknown) => unknown>> = {
  do: (slack, given) => {
    const deed = Deed.parse(given);
    return done(slack.as(deed.user), deed);
  },
  fault: (slack, given) => slack.fault(faultSchema.parse(given)),
  clock: (slack, given) => slack.pass(z.object({ pass: z.number().min(0) }).parse(given).pass),
  sockets: (slack, given) => {
    const { drop, disconnect } = z
      .object({ drop: z.boolean().default(false), disconnect: z.string().optional() })
      .parse(given);
    if (drop) slack.dropSockets();
    if (disconnect !== undefined) slack.disconnectSockets(disconnect);
    return slack.sockets();
  },
  calls: (slack, given) => slack.calls(z.object({ method: z.string().optional() }).parse(given).method),
  person: (slack, given) => {
    const { id, ...patch } = z
      .object({ id: z.string(), name: z.string(), realName: z.string(), tz: z.string(), deleted: z.boolean() })
      .partial({ name: true, realName: true, tz: true, deleted: true })
      .parse(given);
    slack.setPerson(id, Object.fromEntries(Object.entries(patch).filter(([, each]) => each !== undefined)));
  },
  verify: (slack, given) => slack.verifyUrl(z.object({ url: z.url() }).parse(given).url),
  uninstall: (slack) => slack.uninstall(),
};

export async function serveControl(slack: LocalSlack, name: string, given: unknown): Promise<object> {
  const control = controls[name];
  if (!control) return { ok: false, error: `There is no control "${name}", only ${Object.keys(controls).join(', ')}.` };
  try {
    return { ok: true, result: (await control(slack, given)) ?? null };
  } catch (thrown) {
    const error =
      thrown instanceof z.ZodError
        ? z.prettifyError(thrown)
        : String(thrown instanceof Error ? thrown.message : thrown);
    return { ok: false, error };
  }
}
