import type { Channel, Confirm, Message, Person, State } from './types.ts';

interface Question {
  confirm: Confirm;
  answer: (yes: boolean) => void;
}

/** Everything the page knows; one object, redrawn as a whole whenever it changes. */
export interface Page {
  state: State | undefined;
  user: string;
  /** A channel id, or `home` for the Home tab of the app. */
  channel: string;
  thread: string | undefined;
  /** The channel and ts of the message being changed. */
  editing: string;
  isRailOpen: boolean;
  isOnline: boolean;
  pending: ReadonlySet<string>;
  toasts: readonly { id: number; text: string }[];
  question: Question | undefined;
  /** The picture that lies over everything. */
  enlarged: { url: string; name: string; alt: string } | undefined;
}

const query = new URLSearchParams(location.search);
let page: Page = {
  state: undefined,
  user: query.get('user') ?? '',
  channel: query.get('channel') ?? '',
  thread: undefined,
  editing: '',
  isRailOpen: false,
  isOnline: true,
  pending: new Set(),
  toasts: [],
  question: undefined,
  enlarged: undefined,
};
const readers = new Set<() => void>();

export const now = (): Page => page;

export function change(patch: Partial<Page>): void {
  page = { ...page, ...patch };
  for (const reader of readers) reader();
}

export function subscribe(reader: () => void): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}

/** Only for what is drawn once the first state is there. */
export function known(): State {
  if (!page.state) throw new Error('The state is not there yet.');
  return page.state;
}

export function personOf(id: string): Person | undefined {
  return known().people.find((person) => person.id === id);
}

export const zone = (): string => known().me?.tz ?? 'Etc/UTC';

export function channelOf(id: string): Channel | undefined {
  return known().channels.find((channel) => channel.id === id);
}

export function appChannel(): Channel | undefined {
  const { app, channels } = known();
  return channels.find((channel) => channel.kind === 'im' && channel.with === app.botUserId);
}

export function messageOf(channel: Channel, ts: string): Message | undefined {
  return channel.messages.find((message) => message.ts === ts);
}

let lastToast = 0;
const shownMs = 8000;

export function toast(text: string): void {
  const id = (lastToast += 1);
  if (page.toasts.some((each) => each.text === text)) return;
  change({ toasts: [...page.toasts, { id, text }] });
  setTimeout(() => dropToast(id), shownMs);
}

export function dropToast(id: number): void {
  change({ toasts: page.toasts.filter((each) => each.id !== id) });
}

export function ask(confirm: Confirm): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (yes: boolean): void => {
      change({ question: undefined });
      resolve(yes);
    };
    change({ question: { confirm, answer } });
  });
}

/** What was typed and not sent, by person and place; kept over switches. */
export const drafts = new Map<string, string>();
