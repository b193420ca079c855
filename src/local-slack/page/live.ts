import { refresh } from './acts.ts';
import { change, now, toast } from './store.ts';

type Notice = { type: 'changed' } | { type: 'toast'; text: string };

let socket: WebSocket | undefined;
const retryMs = 1000;

function refreshed(): void {
  refresh().catch(() => change({ isOnline: false }));
}

/** One line per person; it comes back by itself after the server was away. */
export function watch(): void {
  socket?.close();
  const { user } = now();
  const line = new WebSocket(`ws://${location.host}/page/live?user=${encodeURIComponent(user)}`);
  socket = line;
  line.addEventListener('open', () => {
    if (line !== socket) return;
    change({ isOnline: true });
    refreshed();
  });
  line.addEventListener('message', (event) => {
    if (line !== socket) return;
    const notice = JSON.parse(String(event.data)) as Notice;
    if (notice.type === 'toast') toast(notice.text);
    else refreshed();
  });
  line.addEventListener('close', () => {
    if (line !== socket) return;
    change({ isOnline: false });
    setTimeout(() => {
      if (line === socket) watch();
    }, retryMs);
  });
}
