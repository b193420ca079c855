import type { Data, Values, ViewRecord } from './data.ts';
import type { Fields } from './json.ts';
import type { App } from './manifest.ts';

export interface Team {
  id: string;
  name: string;
  domain: string;
}
export interface Tokens {
  bot: string;
  app: string;
  signingSecret: string;
}

export type Answer =
  | { kind: 'acked'; body: unknown }
  | { kind: 'timeout' | 'not_connected' | 'not_configured' | 'failed'; reason?: string; final?: boolean };

export interface Retry {
  attempt: number;
  reason: string;
}
export type EnvelopeKind = 'slash_commands' | 'interactive' | 'events_api';

export interface Transport {
  /** Where events go that fail too often is no longer used; sockets are exempt. */
  canBeSwitchedOff: boolean;
  send(kind: EnvelopeKind, payload: Fields, acceptsPayload: boolean, retry?: Retry): Promise<Answer>;
}

export interface Fault {
  method: string;
  kind: 'ratelimited' | 'http500' | 'lostAnswer' | 'slow' | 'hang' | 'refused';
  times: number;
  retryAfter?: number | undefined;
  ms?: number | undefined;
  /** What Slack says where it refuses. */
  error?: string | undefined;
}

export interface LoggedCall {
  method: string;
  args: Fields;
  at: number;
  ok: boolean;
  error?: string;
}

/** What the app was sent, and whether it took it. */
export interface Delivery {
  kind: EnvelopeKind;
  type: string;
  at: number;
  attempt: number;
  payload: Fields;
  answer: Answer['kind'];
}

/** How deliveries of events went in the last hour. */
export interface Health {
  sent: number[];
  answers: { at: number; ok: boolean }[];
  off: boolean;
  limitedMinute: number;
}

/** What "Add to Slack" handed out. */
interface Code {
  user: string;
  redirectUri: string;
  /** Whether the request said it; then the exchange has to say it too. */
  isNamed: boolean;
  used: boolean;
}

interface Trigger {
  user: string;
  issued: number;
  used: boolean;
}

export interface ResponseUrl {
  user: string;
  channel: string;
  messageTs?: string | undefined;
  issued: number;
  uses: number;
}

export type Notice = { type: 'changed' } | { type: 'toast'; text: string };

/** One message or view an app wrote: as it was given, and as people now see it or as it was refused. */
export interface Write {
  method: string;
  kind: 'message' | 'ephemeral' | 'modal' | 'home';
  given: Fields;
  kept?: Fields;
  refused?: Fields;
  /** Where it was written, for names to be shown in place of ids. */
  workspace: { app: Fields; people: Fields[]; channels: Fields[] };
  /** The pictures it shows, by the id of their file. */
  pictures: Record<string, string>;
}

/** Everything the local Slack knows; modules are functions over it. */
export interface World {
  url: string;
  readonly team: Team;
  readonly app: App;
  readonly tokens: Tokens;
  readonly client: { id: string; secret: string };
  readonly codes: Map<string, Code>;
  /** False once the app was removed from the workspace: its token is refused. */
  installed: boolean;
  readonly data: Data;
  readonly now: () => number;
  readonly rateLimits: boolean;
  /** How long a message may be changed; forever when undefined. */
  readonly editWindowMs: number | undefined;
  transport: Transport;
  readonly tickets: Map<string, number>;
  readonly modals: Map<string, ViewRecord>;
  readonly stacks: Map<string, string[]>;
  readonly triggers: Map<string, Trigger>;
  readonly responseUrls: Map<string, ResponseUrl>;
  readonly messageValues: Map<string, Values>;
  readonly suggested: Map<string, Fields[]>;
  readonly buckets: Map<string, { tokens: number; at: number }>;
  readonly faults: Fault[];
  readonly calls: LoggedCall[];
  readonly deliveries: Delivery[];
  health: Health;
  readonly watchers: Set<{ user: string; notify: (notice: Notice) => void }>;
  /** Toasts for somebody whose page is just opening. */
  unseen: { user: string; text: string; at: number }[];
  readonly activity: { inFlight: number; last: number };
  readonly onWrite: ((write: Write) => void) | undefined;
  later(ms: number, job: () => void): void;
}

/** `users` undefined means everyone may see the change. */
export function changed(world: World, users?: readonly string[]): void {
  for (const watcher of world.watchers) {
    if (users === undefined || users.includes(watcher.user)) watcher.notify({ type: 'changed' });
  }
}

export function toast(world: World, user: string, text: string): void {
  const looking = [...world.watchers].filter((watcher) => watcher.user === user);
  if (looking.length === 0) world.unseen.push({ user, text, at: Date.now() });
  for (const watcher of looking) watcher.notify({ type: 'toast', text });
}
