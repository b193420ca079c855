import { z } from 'zod';
import { faultSchema } from './control.ts';
import { performRemotely, remoteDeed } from './remote-deeds.ts';
import type { LocalSlack } from './stand-in.ts';

const instant = z.union([z.number(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]);
const clock = z.object({
  pass: z.number().min(0).optional(),
  set: instant.optional(),
  stopped: z.boolean().optional(),
});
const person = z.object({
  id: z.string(),
  name: z.string().exactOptional(),
  realName: z.string().exactOptional(),
  title: z.string().exactOptional(),
  tz: z.string().exactOptional(),
  kind: z.enum(['member', 'guest', 'foreign']).exactOptional(),
  deleted: z.boolean().exactOptional(),
});
const userGroup = z.object({ id: z.string(), handle: z.string(), name: z.string(), users: z.array(z.string()) });
const reasons = z.enum(['warning', 'refresh_requested', 'link_disabled', 'too_many_websockets']);

/** The control API, for tests in other processes and languages: a name, what it is given, and what comes back. */
const controls: Readonly<Record<string, (slack: LocalSlack, asked: unknown) => unknown>> = {
  do: (slack, asked) => {
    const deed = remoteDeed.parse(asked);
    return performRemotely(slack.as(deed.user), deed);
  },
  fault: (slack, asked) => slack.fault(faultSchema.parse(asked)),
  clock: (slack, asked) => {
    const { pass, set, stopped } = clock.parse(asked);
    if (stopped !== undefined) (stopped ? slack.stopClock : slack.startClock)();
    if (set !== undefined) slack.setClock(set);
    if (pass !== undefined) slack.pass(pass);
    return slack.now();
  },
  sockets: (slack, asked) => {
    const { drop, disconnect } = z
      .object({ drop: z.boolean().default(false), disconnect: reasons.optional() })
      .parse(asked);
    if (drop) slack.dropSockets();
    if (disconnect !== undefined) slack.disconnectSockets(disconnect);
    return slack.sockets();
  },
  calls: (slack, asked) => slack.calls(z.object({ method: z.string().optional() }).parse(asked).method),
  deliveries: (slack, asked) => slack.deliveries(z.object({ type: z.string().optional() }).parse(asked).type),
  person: (slack, asked) => {
    const { id, ...patch } = person.parse(asked);
    slack.setPerson(id, patch);
  },
  usergroup: (slack, asked) => slack.setUserGroup(userGroup.parse(asked)),
  share: (slack, asked) => {
    const { channel, shared } = z.object({ channel: z.string(), shared: z.boolean().default(true) }).parse(asked);
    return slack.shareChannel(channel, shared);
  },
  events: async (slack, asked) => {
    const { url } = z.object({ url: z.url().optional() }).parse(asked);
    if (url !== undefined && !(await slack.verifyUrl(url))) throw new Error(`${url} did not give the challenge back.`);
    if (url !== undefined) slack.deliverTo(url);
    return { on: slack.eventsAreOn() };
  },
  reset: (slack) => slack.reset(),
  verify: (slack, asked) => slack.verifyUrl(z.object({ url: z.url() }).parse(asked).url),
  uninstall: (slack) => slack.uninstall(),
};

export async function serveControl(slack: LocalSlack, name: string, asked: unknown): Promise<object> {
  const control = controls[name];
  if (!control) return { ok: false, error: `There is no control "${name}", only ${Object.keys(controls).join(', ')}.` };
  try {
    return { ok: true, result: (await control(slack, asked)) ?? null };
  } catch (thrown) {
    const error =
      thrown instanceof z.ZodError
        ? z.prettifyError(thrown)
        : String(thrown instanceof Error ? thrown.message : thrown);
    return { ok: false, error };
  }
}
