import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { serveApi } from './api.ts';
import { authorize } from './authorize.ts';
import { faultSchema, perform } from './control.ts';
import { fileById, keepFile } from './files.ts';
import { bytesOf, multipart, sendJson, sendText } from './http.ts';
import { parsed } from './json.ts';
import { refusalOf } from './refusal.ts';
import { useResponseUrl } from './response-urls.ts';
import { snapshot } from './snapshot.ts';
import type { Sockets } from './sockets.ts';
import { serveStatic } from './static.ts';
import { watch } from './live.ts';
import type { World } from './world.ts';

async function upload(world: World, request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
  const file = fileById(world, id);
  const bytes = await bytesOf(request);
  if (!file || file.complete) return sendText(response, 404, 'not found');
  let content = bytes;
  if (request.headers['content-type']?.startsWith('multipart/form-data')) {
    const [part = ''] = (await multipart(request, bytes)).values();
    content = typeof part === 'string' ? Buffer.from(part) : Buffer.from(await part.arrayBuffer());
  }
  if (content.length !== file.size) return sendText(response, 400, 'length mismatch');
  file.bytes = content.toString('base64');
  sendText(response, 200, `OK - ${content.length}`);
}

function download(world: World, response: ServerResponse, id: string): void {
  const file = fileById(world, id);
  if (!file?.bytes) return sendText(response, 404, 'not found');
  sendText(response, 200, Buffer.from(file.bytes, 'base64'), file.mimetype);
}

async function answerUrl(world: World, request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
  world.activity.inFlight += 1;
  try {
    useResponseUrl(world, id, parsed((await bytesOf(request)).toString()));
    sendText(response, 200, 'ok');
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (!refusal) throw thrown;
    sendJson(response, String(refusal['error']).endsWith('_url') ? 404 : 400, refusal);
  } finally {
    world.activity.inFlight -= 1;
    world.activity.last = Date.now();
  }
}

async function control(world: World, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  if (url.pathname === '/page/upload') {
    const name = url.searchParams.get('name') ?? 'file';
    const file = keepFile(world, name, await bytesOf(request), url.searchParams.get('user') ?? '');
    return sendJson(response, 200, { id: file.id });
  }
  if (url.pathname === '/page/state')
    return sendJson(response, 200, snapshot(world, url.searchParams.get('user') ?? ''));
  const body = parsed((await bytesOf(request)).toString());
  if (url.pathname === '/page/act') return sendJson(response, 200, await perform(world, body));
  const fault = faultSchema.safeParse(body);
  if (fault.success) world.faults.push(fault.data);
  sendJson(response, 200, { ok: fault.success });
}

const controls = new Set(['GET /page/state', 'POST /page/act', 'POST /page/fault', 'POST /page/upload']);

/** What the control API answers. */
export type Remote = (name: string, given: unknown) => Promise<object>;

async function route(world: World, remote: Remote, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', world.url);
  const [, area = '', id = ''] = url.pathname.split('/');
  if (area === 'api') return serveApi(world, request, response, url);
  if (area === 'response' && request.method === 'POST') return answerUrl(world, request, response, id);
  if (area === 'upload' && request.method === 'POST') return upload(world, request, response, id);
  if (url.pathname === '/oauth/v2/authorize') return authorize(world, request, response, url);
  if (area === 'files') return download(world, response, id);
  if (area === 'control' && request.method === 'POST') {
    return sendJson(response, 200, await remote(id, parsed((await bytesOf(request)).toString()) ?? {}));
  }
  if (controls.has(`${request.method} ${url.pathname}`)) return control(world, request, response, url);
  if (request.method === 'GET') return serveStatic(response, url.pathname);
  sendText(response, 404, 'not found');
}

const ticketLifetime = 30_000;

function upgrade(
  world: World,
  sockets: Sockets,
  pages: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const url = new URL(request.url ?? '/', world.url);
  if (url.pathname === '/page/live') {
    return pages.handleUpgrade(request, socket, head, (page) => watch(world, page, url.searchParams.get('user') ?? ''));
  }
  const ticket = url.searchParams.get('ticket') ?? '';
  const issued = world.tickets.get(ticket) ?? 0;
  world.tickets.delete(ticket);
  if (url.pathname !== '/socket' || Date.now() - issued > ticketLifetime) {
    socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    return;
  }
  sockets.accept(request, socket, head);
}

export function createWebServer(
  world: World,
  sockets: Sockets,
  remote: Remote,
): { server: Server; pages: WebSocketServer } {
  const pages = new WebSocketServer({ noServer: true });
  const server = createServer((request, response) => {
    route(world, remote, request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      sendText(response, 500, String(error));
    });
  });
  server.on('upgrade', (request, socket, head) => upgrade(world, sockets, pages, request, socket, head));
  return { server, pages };
}
