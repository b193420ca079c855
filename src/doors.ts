import type { HomeView, ModalView } from '@slack/types';
import type { z } from 'zod';
import type { Context } from './context.ts';
import type { TextFile } from './ports.ts';
import type { Address } from './slack/address.ts';
import type { Message } from './slack/blocks.ts';
import type { Pattern } from './slack/command.ts';
import type { Choice } from './slack/fields.ts';
import { type Form, Submitted } from './slack/forms.ts';

/** The person at the door, as Slack's signature vouches for them, and where they stand. */
export interface Who {
  readonly id: string;
  readonly channel?: string;
}

/** What goes straight back to the person who asked. What others should see is announced instead. */
export interface Answer {
  readonly say?: Message;
  readonly open?: ModalView;
  readonly home?: HomeView;
  /** Sent to the direct messages of the person who asked, once the work is done. */
  readonly files?: { readonly words: string; readonly files: readonly TextFile[] };
}
/** What a door returns. A form that needs the outside first is made by `open` after the commit, holding no locks. */
export interface Returned extends Omit<Answer, 'open'> {
  readonly open?: ModalView | ((after: Context) => Promise<ModalView>);
}
// oxlint-disable-next-line typescript/no-invalid-void-type -- a verb that has nothing to say returns nothing
export type Answered = Promise<Returned | undefined | void>;

/** Runs before the transaction, for what must be asked of the outside first. */
export type Prepare<V> = (ctx: Context, who: Who, value: V) => Promise<void>;

export interface CommandDoor {
  readonly pattern: Pattern;
  readonly help: string;
  readonly prepare?: Prepare<Readonly<Record<string, string>>>;
  /** It changes nothing, so it needs neither a transaction nor to be remembered. */
  readonly onlyReads?: true;
  handle(ctx: Context, who: Who, words: Readonly<Record<string, string>>): Answered;
}
export interface ActionDoor {
  readonly id: string;
  /** Something was chosen in a form: it is handed the form as it stands. */
  readonly readsForm?: true;
  readonly isNameless?: true;
  prepare(ctx: Context, who: Who, value: unknown): Promise<void>;
  handle(ctx: Context, who: Who, value: unknown): Answered;
}
export interface FormDoor {
  readonly id: string;
  readonly isNameless?: true;
  prepare(ctx: Context, who: Who, submitted: Submitted): Promise<void>;
  handle(ctx: Context, who: Who, submitted: Submitted): Answered;
}
/** A message that somebody pointed at, as Slack shows it to them. */
export interface Pointed {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly author: string;
}
/** In the menu of every message. `name`: 24 characters at most. */
export interface ShortcutDoor {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  prepare(ctx: Context, who: Who, message: Pointed): Promise<void>;
  handle(ctx: Context, who: Who, message: Pointed): Answered;
}
export interface EventDoor {
  readonly type: string;
  /** What to subscribe to where one type comes in several kinds, such as `message.channels`. */
  readonly kinds: readonly string[];
  /** Of what comes in masses, only this costs a transaction. */
  wants(event: unknown): boolean;
  prepare(ctx: Context, event: unknown): Promise<void>;
  handle(ctx: Context, event: unknown): Answered;
}
/** A bearer-token API route. `limitBytes` bounds the body. */
export interface Route {
  readonly path: string;
  readonly summary: string;
  readonly body: z.ZodType;
  handle(ctx: Context, body: unknown): Promise<unknown>;
}
/** What a third party posts to /hooks/{source}, in its own format. */
export interface Hook {
  readonly kind: string;
  readonly limitBytes: number;
  /** Where the sender signs: true, or in words what is wrong with the signature. */
  prove?(ctx: Context, delivery: Delivery): Promise<true | string>;
  handle(ctx: Context, delivery: Delivery): Promise<unknown>;
  /** After its work was rolled back; the note of it is a transaction of its own. */
  refused?(ctx: Context, delivery: Delivery, problem: string): Promise<void>;
}
export interface Delivery {
  readonly body: string;
  /** The bytes as they came: signatures are over these. */
  readonly raw: Uint8Array;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}
/** The clock knocks: a unique (job, slot) row is inserted, whoever claims it runs the verb once. */
export interface Job {
  readonly name: string;
  readonly cron: string;
  readonly catchUp: 'none' | 'last' | 'all';
  run(ctx: Context, slot: Date): Promise<void>;
}
/** Work that waits in rows: called after every change and every few seconds until it answers false. */
export interface Worker {
  readonly name: string;
  work(ctx: Context): Promise<boolean>;
}

/** Answers a `lookupField(…, kind)` while a person types; at most 100 choices, within a blink. */
export interface LookupDoor {
  readonly kind: string;
  find(ctx: Context, who: Who, typed: string): Promise<readonly Choice[]>;
}

/** Every way into one feature, as plain data. app.ts hangs them on Bolt, HTTP and the clock. */
export interface Doors {
  readonly commands?: readonly CommandDoor[];
  readonly actions?: readonly ActionDoor[];
  readonly forms?: readonly FormDoor[];
  readonly shortcuts?: readonly ShortcutDoor[];
  readonly events?: readonly EventDoor[];
  readonly lookups?: readonly LookupDoor[];
  readonly routes?: readonly Route[];
  readonly hooks?: readonly Hook[];
  readonly jobs?: readonly Job[];
  readonly workers?: readonly Worker[];
}

const unprepared = () => Promise.resolve();

export function onCommand(
  pattern: Pattern,
  help: string,
  handle: CommandDoor['handle'],
  prepare?: CommandDoor['prepare'],
): CommandDoor {
  return { pattern, help, handle, ...(prepare && { prepare }) };
}

/** A command that changes nothing. */
export function onQuestion(pattern: Pattern, help: string, handle: CommandDoor['handle']): CommandDoor {
  return { pattern, help, handle, onlyReads: true };
}

export function onAction<T>(
  to: Address<T>,
  verb: (ctx: Context, who: Who, value: T) => Answered,
  prepare?: Prepare<T>,
): ActionDoor {
  return {
    id: to.id,
    prepare: prepare ? (ctx, who, value) => prepare(ctx, who, to.carries.parse(value)) : unprepared,
    handle: (ctx, who, value) => verb(ctx, who, to.carries.parse(value)),
  };
}

/** Draws a form anew while it is filled in; it changes nothing. */
export function onLive<C, V>(
  to: Address<unknown>,
  form: Form<C, V>,
  draw: (ctx: Context, who: Who, input: { carries: C; values: Partial<V> }) => Answered,
): ActionDoor {
  return {
    id: to.id,
    readsForm: true,
    prepare: unprepared,
    handle: (ctx, who, view) => draw(ctx, who, form.readSome(Submitted.parse(view))),
  };
}

export function onForm<C, V>(
  form: Form<C, V>,
  verb: (ctx: Context, who: Who, input: { carries: C; values: V }) => Answered,
  prepare?: Prepare<{ carries: C; values: V }>,
): FormDoor {
  return {
    id: form.id,
    prepare: prepare ? (ctx, who, submitted) => prepare(ctx, who, form.read(submitted)) : unprepared,
    handle: (ctx, who, submitted) => verb(ctx, who, form.read(submitted)),
  };
}

/**
 * Who comes in is kept nowhere: the house notes no name and no time of day, writes none of it into its logs, and
 * answers only where no message is left. Clicks are not remembered, so the verb may be done twice.
 */
export function nameless<D extends ActionDoor | FormDoor>(door: D): D {
  return { ...door, isNameless: true };
}

export function onShortcut(
  { id, name, description }: Pick<ShortcutDoor, 'id' | 'name' | 'description'>,
  handle: ShortcutDoor['handle'],
  prepare: ShortcutDoor['prepare'] = unprepared,
): ShortcutDoor {
  return { id, name, description, handle, prepare };
}

/** What the schema refuses is none of this door's business. */
export function onMessageEvent<T>(event: z.ZodType<T>, verb: (ctx: Context, event: T) => Answered): EventDoor {
  return {
    ...onEvent('message', event, verb),
    kinds: ['message.channels', 'message.groups'],
    wants: (raw) => event.safeParse(raw).success,
  };
}

export function onEvent<T>(
  type: string,
  event: z.ZodType<T>,
  verb: (ctx: Context, event: T) => Answered,
  prepare?: (ctx: Context, event: T) => Promise<void>,
): EventDoor {
  return {
    type,
    kinds: [type],
    wants: () => true,
    prepare: prepare ? (ctx, raw) => prepare(ctx, event.parse(raw)) : unprepared,
    handle: (ctx, raw) => verb(ctx, event.parse(raw)),
  };
}

export function onLookup(kind: string, find: LookupDoor['find']): LookupDoor {
  return { kind, find };
}

export function onPost<T>(
  path: string,
  summary: string,
  body: z.ZodType<T>,
  verb: (ctx: Context, body: T) => Promise<unknown>,
): Route {
  return { path, summary, body, handle: (ctx, raw) => verb(ctx, body.parse(raw)) };
}

export function onClock(name: string, cron: string, run: Job['run'], catchUp: Job['catchUp'] = 'last'): Job {
  return { name, cron, run, catchUp };
}

export function onWork(name: string, work: Worker['work']): Worker {
  return { name, work };
}
