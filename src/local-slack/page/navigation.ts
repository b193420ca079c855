import { act, flush, refresh } from './acts.ts';
import { watch } from './live.ts';
import { appChannel, change, channelOf, known, now } from './store.ts';

function remember(): void {
  const { user, channel } = now();
  const search = `?${new URLSearchParams({ user, channel })}`;
  if (search !== location.search) history.pushState(null, '', search);
}

export function go(channel: string): void {
  change({ channel, thread: undefined, isRailOpen: false });
  remember();
  if (channel === 'home') void act({ kind: 'open_home' });
}

export async function goToMessages(): Promise<void> {
  const { channel } = await act({ kind: 'open_dm' });
  await refresh();
  const id = channel ?? appChannel()?.id;
  if (id) go(id);
}

/** Drafts and the open channel stay; modals belong to the person who opened them. */
export async function become(user: string): Promise<void> {
  await flush();
  change({ user, thread: undefined });
  await refresh();
  settle();
  change({ isRailOpen: false });
  remember();
  watch();
  if (now().channel === 'home') void act({ kind: 'open_home' });
}

/** Makes the address name a place that exists; without one, where most has been said. */
function settle(): void {
  const { channel } = now();
  const busiest = known().channels.toSorted((a, b) => b.messages.length - a.messages.length)[0];
  if (channel !== 'home' && !channelOf(channel)) change({ channel: busiest?.id ?? '' });
}

export async function start(): Promise<void> {
  await refresh();
  const { me, people } = known();
  await become(me?.id ?? people.find(({ kind, deleted }) => kind !== 'bot' && !deleted)?.id ?? '');
  window.addEventListener('popstate', () => {
    const query = new URLSearchParams(location.search);
    change({ channel: query.get('channel') ?? now().channel, thread: undefined });
    const user = query.get('user');
    if (user && user !== now().user) void become(user);
  });
}
