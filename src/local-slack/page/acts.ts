import { change, now, toast } from './store.ts';
import type { Container, Outcome, State } from './types.ts';

export interface Deed {
  kind: string;
  [field: string]: unknown;
}

/** The server tells these itself, in a toast over the live line. */
const toldByServer = new Set([
  'operation_timeout',
  'dispatch_failed',
  'not_configured',
  'unknown_command',
  'not_supported_in_threads',
  'invalid_response_action',
]);
const words: Record<string, string> = {
  not_in_channel: 'You can’t post here: you are not in this channel.',
  is_archived: 'This channel is archived.',
  messages_tab_disabled: 'Sending messages to this app has been turned off.',
  restricted_action: 'You are not allowed to do this.',
  user_not_found: 'This account is deactivated.',
  message_not_found: 'This message is gone.',
  not_found: 'This is no longer open.',
};

async function send(deed: Deed): Promise<Outcome> {
  try {
    const response = await fetch('/page/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: now().user, ...deed }),
    });
    return (await response.json()) as Outcome;
  } catch {
    return { ok: false, error: 'unreachable' };
  }
}

export async function act(deed: Deed): Promise<Outcome> {
  await flush();
  const outcome = await send(deed);
  if (!outcome.ok && outcome.error && !toldByServer.has(outcome.error)) {
    const text = outcome.error === 'unreachable' ? 'We had some trouble connecting. Try again?' : words[outcome.error];
    toast(text ?? `This action failed with the error “${outcome.error}”.`);
  }
  return outcome;
}

function whereOf(container: Container): string {
  return container.type === 'view' ? container.view_id : `${container.channel} ${container.ts}`;
}

export function keyOf(container: Container, blockId: string, actionId: string): string {
  return `${whereOf(container)} ${blockId} ${actionId}`;
}

/** An act whose control shows a spinner until it is answered; a second one meanwhile is ignored. */
export async function actOnce(key: string, deed: Deed): Promise<Outcome> {
  if (now().pending.has(key)) return { ok: true };
  change({ pending: new Set([...now().pending, key]) });
  const outcome = await act(deed);
  change({ pending: new Set([...now().pending].filter((each) => each !== key)) });
  return outcome;
}

const waiting = new Map<string, Deed>();
let flushing: Promise<void> = Promise.resolve();
let timer: ReturnType<typeof setTimeout> | undefined;
const typingPauseMs = 150;

/** Typed values go to the server one after another, and always before a submission. */
export function put(key: string, deed: Deed): void {
  waiting.set(key, { user: now().user, ...deed });
  clearTimeout(timer);
  timer = setTimeout(() => void flush(), typingPauseMs);
}

async function drain(): Promise<void> {
  for (const [key, deed] of waiting) {
    waiting.delete(key);
    await send(deed);
  }
}

export function flush(): Promise<void> {
  flushing = flushing.then(drain);
  return flushing;
}

let latest = 0;

export async function refresh(): Promise<void> {
  const { user } = now();
  const turn = (latest += 1);
  const response = await fetch(`/page/state?user=${encodeURIComponent(user)}`);
  const state = (await response.json()) as State;
  if (turn === latest && user === now().user) change({ state });
}
