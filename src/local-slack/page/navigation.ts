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

/** Makes the address name somebody and somewhere that exist. */
function settle(): void {
  const { user, channel } = now();
  const { people, channels, me } = known();
  const somebody = me ? user : (people.find(({ kind, deleted }) => kind !== 'bot' && !deleted)?.id ?? '');
  const busiest = channels.toSorted((a, b) => b.messages.length - a.messages.length)[0];
  const somewhere = channel === 'home' || channelOf(channel) ? channel : (busiest?.id ?? '');
  change({ user: somebody, channel: somewhere });
}

export async function start(): Promise<void> {
  await refresh();
  settle();
  await become(now().user);
  window.addEventListener('popstate', () => {
    const query = new URLSearchParams(location.search);
    change({ channel: query.get('channel') ?? now().channel, thread: undefined });
    const user = query.get('user');
    if (user && user !== now().user) void become(user);
  });
}
