import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Fields, fieldsOf, parsed } from './json.ts';

const largest = 64 * 1024 * 1024;

export async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > largest) throw new Error('The body is too large.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function typeOf(request: IncomingMessage): string {
  return request.headers['content-type'] ?? '';
}

export function multipart(request: IncomingMessage, bytes: Buffer): Promise<FormData> {
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': typeOf(request) } }).formData();
}

/** Slack takes its arguments from the query, a form, a multipart form, or JSON alike. */
export async function argumentsOf(request: IncomingMessage, url: URL): Promise<Fields> {
  const bytes = await bytesOf(request);
  const query = Object.fromEntries(url.searchParams);
  const type = typeOf(request);
  if (type.startsWith('application/json')) return { ...query, ...fieldsOf(parsed(bytes.toString())) };
  if (type.startsWith('multipart/form-data'))
    return { ...query, ...Object.fromEntries(await multipart(request, bytes)) };
  return { ...query, ...Object.fromEntries(new URLSearchParams(bytes.toString())) };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

export function sendText(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}
