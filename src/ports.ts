/** What the house asks of the world outside. Adapters answer; features only ask. */
import type { HomeView, ModalView } from '@slack/types';
import type { Message } from './slack/blocks.ts';

/** An answer of Slack, told apart by what the asker can do about it. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: 'rate_limited'; readonly retryAfterMs: number }
  | { readonly ok: false; readonly why: 'refused'; readonly code: string }
  /** Slack may or may not have done it: look before asking again. */
  | { readonly ok: false; readonly why: 'unclear'; readonly detail: string };

export interface SlackPerson {
  readonly id: string;
  readonly name: string;
  readonly zone: string | undefined;
  readonly standing: Standing;
}
/** Only a `member` may decide anything. */
export const standings = ['member', 'guest', 'foreign', 'bot', 'deactivated'] as const;
export type Standing = (typeof standings)[number];

/** The few things we ask of Slack for one workspace. None of them retries by itself. */
export interface SlackApi {
  post(to: { channel: string; threadTs?: string; message: Message; marker: string }): Promise<Reply<{ ts: string }>>;
  update(to: { channel: string; ts: string; message: Message; marker: string }): Promise<Reply<object>>;
  /** The ts of our own message that carries this marker, if it stands there. */
  find(where: { channel: string; threadTs?: string; marker: string; since: Date }): Promise<Reply<{ ts?: string }>>;
  openDm(user: string): Promise<Reply<{ channel: string }>>;
  upload(file: { name: string; alt: string; bytes: Uint8Array }): Promise<Reply<{ file: string }>>;
  person(id: string): Promise<Reply<SlackPerson>>;
  /** Who is in a user group. */
  groupMembers(group: string): Promise<Reply<{ people: readonly string[] }>>;
  createChannel(name: string): Promise<Reply<{ channel: string }>>;
  findChannel(name: string): Promise<Reply<{ channel?: string; mine: boolean }>>;
  /** Only where we are do we hear who leaves; a private channel lets us in by invitation only. */
  joinChannel(channel: string): Promise<Reply<object>>;
  setTopic(channel: string, topic: string): Promise<Reply<object>>;
  invite(channel: string, users: readonly string[]): Promise<Reply<object>>;
  openView(triggerId: string, view: ModalView): Promise<Reply<object>>;
  publishHome(user: string, view: HomeView): Promise<Reply<object>>;
  tell(to: { channel: string; user: string; message: Message }): Promise<Reply<object>>;
}

/** Where model versions and their aliases live. Every call is idempotent; errors are sentences a person can read. */
export interface Registry {
  readonly name: string;
  /** undefined: there is no such alias. */
  aliasVersion(target: { model: string; alias: string }): Promise<string | undefined>;
  setAlias(target: { model: string; alias: string; version: string }): Promise<void>;
  versionExists(target: { model: string; version: string }): Promise<boolean>;
  tagVersion(target: { model: string; version: string; tags: Record<string, string> }): Promise<void>;
  /** The names of all registered models, a page at a time. */
  models(page?: string): Promise<{
    readonly models: readonly { readonly name: string; readonly description: string }[];
    readonly next?: string;
  }>;
  /** Newest first. */
  recentVersions(target: {
    model: string;
  }): Promise<readonly { version: string; createdAt: Date; aliases: readonly string[] }[]>;
}

export interface Log {
  info(about: object, text: string): void;
  warn(about: object, text: string): void;
  error(about: object, text: string): void;
}
