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

/** `title` stands above it in Slack; `name` is what it is saved as. */
export interface TextFile {
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

export interface ChannelCanvas {
  readonly canvas?: string;
  readonly mine: boolean;
  /** Of the channel. */
  readonly isPrivate: boolean;
}

/** The few things we ask of Slack for one workspace. None of them retries by itself. */
export interface SlackApi {
  post(to: { channel: string; threadTs?: string; message: Message; marker: string }): Promise<Reply<{ ts: string }>>;
  update(to: { channel: string; ts: string; message: Message; marker: string }): Promise<Reply<object>>;
  /** The ts of our own message that carries this marker, if it stands there. */
  find(where: { channel: string; threadTs?: string; marker: string; since: Date }): Promise<Reply<{ ts?: string }>>;
  openDm(user: string): Promise<Reply<{ channel: string }>>;
  upload(file: { name: string; alt: string; bytes: Uint8Array }): Promise<Reply<{ file: string }>>;
  /** Into the direct messages of a person, with a sentence above them. */
  sendFiles(to: { user: string; words: string; files: readonly TextFile[] }): Promise<Reply<object>>;
  person(id: string): Promise<Reply<SlackPerson>>;
  /** Who is in a user group. */
  groupMembers(group: string): Promise<Reply<{ people: readonly string[] }>>;
  createChannel(name: string, look: { isPrivate: boolean }): Promise<Reply<{ channel: string }>>;
  findChannel(name: string): Promise<Reply<{ channel?: string; mine: boolean }>>;
  /** Only where we are do we hear who leaves; a private channel lets us in by invitation only. */
  joinChannel(channel: string): Promise<Reply<object>>;
  /** Done, too, where it is archived already. */
  archive(channel: string): Promise<Reply<object>>;
  /** Slack refuses it to most bots. Done, too, where it is open. */
  unarchive(channel: string): Promise<Reply<object>>;
  setTopic(channel: string, topic: string): Promise<Reply<object>>;
  invite(channel: string, users: readonly string[]): Promise<Reply<object>>;
  /** One message, also a reply in a thread; undefined where there is none with exactly this ts. */
  read(channel: string, ts: string): Promise<Reply<{ said?: { text: string; author: string } }>>;
  /** On top of the channel; a second time changes nothing. */
  pin(channel: string, ts: string): Promise<Reply<object>>;
  /** A link to this message in the channel's bookmarks, once under this title. */
  bookmark(channel: string, title: string, to: { channel: string; ts: string }): Promise<Reply<object>>;
  /** The canvas of a channel; `mine`: empty, or it begins with this heading. */
  canvasIn(channel: string, heading: string): Promise<Reply<ChannelCanvas>>;
  /** As the one canvas of the channel, or, where that is somebody else's, as one more of its tabs. */
  createCanvas(to: {
    channel: string;
    place: 'channel' | 'tab';
    title: string;
    markdown: string;
  }): Promise<Reply<{ canvas: string }>>;
  /** All of it, anew. */
  writeCanvas(canvas: string, markdown: string): Promise<Reply<object>>;
  openView(triggerId: string, view: ModalView): Promise<Reply<object>>;
  publishHome(user: string, view: HomeView): Promise<Reply<object>>;
  tell(to: { channel: string; user: string; message: Message }): Promise<Reply<object>>;
}

/** Where a tool is and how we sign in there. Only hosts that the operator named may be private or called by http. */
export interface Access {
  /** Of its server, with a path before its API if it has one. */
  readonly url: string;
  readonly auth?: { readonly token: string } | { readonly username: string; readonly password: string } | undefined;
  readonly allowedHosts: readonly string[];
  /** The workspace of MLflow or the namespace of Kubeflow, where the server has several. */
  readonly space?: string | undefined;
}

/** The tools that can be asked, each made from an access that the workspace gave. */
export interface Tools {
  mlflow(access: Access): Registry;
  airflow(access: Access): Pipelines;
  kubeflow(access: Access): Pipelines;
}

/** What a run logged and what made it, for whoever compares versions. */
export interface VersionFacts {
  readonly createdAt: Date;
  readonly aliases: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Of the training run; empty where there is none. The last value of each; NaN and infinite ones are left out. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Digests of the data sets that the run evaluated on, by name. */
  readonly datasets: Readonly<Record<string, string>>;
  readonly runId?: string;
  readonly url?: string;
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
  /** undefined: there is no such version. */
  versionFacts(target: { model: string; version: string }): Promise<VersionFacts | undefined>;
  /** Every model with its aliases (name to version), a page at a time: one call says all that is live. */
  aliasPage(page?: string): Promise<{
    readonly models: readonly { readonly name: string; readonly aliases: Readonly<Record<string, string>> }[];
    readonly next?: string;
  }>;
  /** Makes the registry tell this address of new versions and aliases; asked again with the same name, it changes it. */
  tellUs(hook: { name: string; url: string; secret: string }): Promise<void>;
  /** Signs in and reads something small; a Refusal says in words what is wrong. Returns what it found, for people. */
  check(): Promise<string>;
}

export const runStates = ['queued', 'running', 'succeeded', 'failed', 'canceled'] as const;
export type RunState = (typeof runStates)[number];

/** Values that every tool takes as parameters of a run. */
export type RunParams = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface RunStatus {
  readonly state: RunState;
  /** What failed or what it waits for, in the tool's words. */
  readonly detail?: string;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
  /** What the run says it made, such as the version of a model, where it says so. */
  readonly said?: Readonly<Record<string, string>>;
}

/** A question with which a run waits for a person. */
export interface RunQuestion {
  /** The same for the same question of the same run. */
  readonly key: string;
  readonly subject: string;
  readonly body: string;
  readonly options: readonly string[];
  /** The tool's own names of those who may answer; empty: everyone. */
  readonly assigned: readonly string[];
}

/** Something that trains, tests or deploys on demand. Errors are Refusals that a person can read. */
export interface Pipelines {
  readonly name: string;
  /** Signs in and reads something small; a Refusal says in words what is wrong. Returns what it found, for people. */
  check(): Promise<string>;
  /** The newest 100 that could be started, by name. */
  list(): Promise<readonly { readonly id: string; readonly description: string }[]>;
  /** undefined: a run can be started; else what stands in the way, in words: missing, paused, does not load. */
  obstacle(pipeline: string): Promise<string | undefined>;
  /** Starts at most one run for a trigger id, however often and from wherever it is asked. */
  start(
    pipeline: string,
    run: { readonly triggerId: string; readonly params: RunParams; readonly note: string },
  ): Promise<{ readonly runId: string; readonly url: string }>;
  /** undefined: there is no such run (any more). */
  status(pipeline: string, runId: string): Promise<RunStatus | undefined>;
  cancel(pipeline: string, runId: string): Promise<void>;
  /** What a run waits with for people; empty where the tool has no such thing. */
  questions(pipeline: string, runId: string): Promise<readonly RunQuestion[]>;
  answer(pipeline: string, runId: string, answer: { key: string; option: string; note: string }): Promise<void>;
}

export interface Log {
  info(about: object, text: string): void;
  warn(about: object, text: string): void;
  error(about: object, text: string): void;
}
