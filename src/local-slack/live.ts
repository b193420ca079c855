import type { WebSocket } from 'ws';
import type { Notice, World } from './world.ts';

const pause = 50;
/** A toast that nobody saw for so long is no longer shown. */
const shownMs = 3_000;

/** Changes are bundled; toasts go out at once. */
export function watch(world: World, socket: WebSocket, user: string): void {
  let waiting: NodeJS.Timeout | undefined;
  function send(notice: Notice): void {
    socket.send(JSON.stringify(notice));
  }
  function notify(notice: Notice): void {
    if (notice.type === 'toast') return send(notice);
    waiting ??= setTimeout(() => {
      waiting = undefined;
      send(notice);
    }, pause);
  }
  const watcher = { user, notify };
  world.watchers.add(watcher);
  const fresh = world.unseen.filter(({ at }) => Date.now() - at < shownMs);
  world.unseen = fresh.filter((each) => each.user !== user);
  for (const { text } of fresh.filter((each) => each.user === user)) send({ type: 'toast', text });
  socket.on('close', () => {
    clearTimeout(waiting);
    world.watchers.delete(watcher);
  });
  socket.on('error', () => socket.terminate());
}
