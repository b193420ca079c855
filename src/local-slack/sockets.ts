import { randomInt, randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Fields, fieldsOf, isFields, parsed } from './json.ts';
import { deadline } from './http-delivery.ts';
import type { Answer, EnvelopeKind, Retry, Transport } from './world.ts';

const mostConnections = 10;

interface Pending {
  socket: WebSocket;
  settle(answer: Answer): void;
}

export interface Sockets extends Transport {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  drop(): void;
  disconnect(reason: string): void;
  count(): number;
  close(): Promise<void>;
}

function isEmpty(body: unknown): boolean {
  return body === undefined || body === null || (isFields(body) && Object.keys(body).length === 0);
}

/** A client cut off in the middle of its goodbye holds its process open for half a minute. */
function closed(socket: WebSocket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const impatient = setTimeout(() => socket.terminate(), 300);
  socket.once('close', () => {
    clearTimeout(impatient);
    resolve();
  });
  socket.close(1001);
  return promise;
}

export function createSockets(appId: string): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const open = new Set<WebSocket>();
  const retiring = new Set<WebSocket>();
  const pending = new Map<string, Pending>();

  function lost(socket: WebSocket): void {
    open.delete(socket);
    retiring.delete(socket);
    for (const [id, each] of pending) {
      if (each.socket !== socket) continue;
      pending.delete(id);
      each.settle({ kind: 'timeout', reason: 'timeout' });
    }
  }

  function acknowledged(text: string): void {
    const frame = fieldsOf(parsed(text));
    const id = frame['envelope_id'];
    if (typeof id !== 'string') return;
    const waiting = pending.get(id);
    pending.delete(id);
    waiting?.settle({ kind: 'acked', body: isEmpty(frame['payload']) ? undefined : frame['payload'] });
  }

  function retire(socket: WebSocket, reason: string): void {
    socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-local' } }));
    if (reason === 'warning') return;
    open.delete(socket);
    retiring.add(socket);
    setTimeout(() => socket.close(1000), 500).unref();
  }

  function welcome(socket: WebSocket): void {
    socket.on('message', (data: Buffer) => acknowledged(data.toString()));
    socket.on('close', () => lost(socket));
    socket.on('error', () => lost(socket));
    if (open.size >= mostConnections) return retire(socket, 'too_many_websockets');
    open.add(socket);
    const hello = {
      type: 'hello',
      num_connections: open.size,
      connection_info: { app_id: appId },
      debug_info: { host: 'applink-local', build_number: 1, approximate_connection_time: 18060 },
    };
    socket.send(JSON.stringify(hello));
  }

  return {
    canBeSwitchedOff: false,
    accept: (request, socket, head) => server.handleUpgrade(request, socket, head, welcome),
    drop() {
      for (const socket of [...open, ...retiring]) socket.terminate();
    },
    disconnect(reason) {
      for (const socket of open) retire(socket, reason);
    },
    count: () => open.size,
    async close() {
      const closing = [...server.clients].map((socket) => closed(socket));
      await Promise.all(closing);
      server.close();
    },
    send(kind: EnvelopeKind, payload: Fields, acceptsPayload: boolean, retry?: Retry): Promise<Answer> {
      const all = [...open];
      const socket = all.length > 0 ? all[randomInt(all.length)] : undefined;
      if (!socket) return Promise.resolve({ kind: 'not_connected', reason: 'connection_failed' });
      const { promise, resolve } = Promise.withResolvers<Answer>();
      const id = randomUUID();
      const timer = setTimeout(() => {
        pending.delete(id);
        resolve({ kind: 'timeout', reason: 'timeout' });
      }, deadline);
      pending.set(id, {
        socket,
        settle(answer) {
          clearTimeout(timer);
          resolve(answer);
        },
      });
      const retries =
        kind === 'events_api' ? { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' } : {};
      socket.send(
        JSON.stringify({ envelope_id: id, type: kind, accepts_response_payload: acceptsPayload, payload, ...retries }),
      );
      return promise;
    },
  };
}
