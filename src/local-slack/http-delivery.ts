import { createHmac } from 'node:crypto';
import { randomHex } from './ids.ts';
import { type Fields, fieldsOf, parsed, textOf } from './json.ts';
import type { Answer, EnvelopeKind, Retry, Tokens, Transport } from './world.ts';

export const deadline = 3_000;

function encoded(kind: EnvelopeKind, payload: Fields): { type: string; body: string } {
  if (kind === 'events_api') return { type: 'application/json', body: JSON.stringify(payload) };
  const fields: Record<string, string> =
    kind === 'slash_commands'
      ? Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)]))
      : { payload: JSON.stringify(payload) };
  return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() };
}

function signature(secret: string, stamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}`;
}

function failure(thrown: unknown): Answer {
  if (!(thrown instanceof Error)) return { kind: 'failed', reason: 'unknown_error' };
  if (thrown.name === 'TimeoutError') return { kind: 'timeout', reason: 'http_timeout' };
  const code = textOf(fieldsOf(thrown.cause)['code']);
  const reason = /CERT|SSL|TLS/.test(code) ? 'ssl_error' : 'connection_failed';
  return { kind: 'not_connected', reason };
}

function signed(type: string, body: string, tokens: Tokens, now: () => number): Record<string, string> {
  const stamp = String(Math.floor(now() / 1000));
  return {
    'content-type': type,
    'x-slack-request-timestamp': stamp,
    'x-slack-signature': signature(tokens.signingSecret, stamp, body),
  };
}

const mostRedirects = 2;

/** Undefined when it leads on and on. */
async function posted(
  url: string,
  init: { headers: Record<string, string>; body: string },
): Promise<Response | undefined> {
  const signal = AbortSignal.timeout(deadline);
  let at = url;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const response = await fetch(at, { ...init, method: 'POST', signal, redirect: 'manual' });
    const next = response.headers.get('location');
    if ((response.status !== 301 && response.status !== 302) || !next) return response;
    at = new URL(next, at).href;
  }
  return undefined;
}

/** Slack accepts a request URL that gives the challenge back, as text or as JSON. */
export async function verifyUrl(url: string, tokens: Tokens, now: () => number): Promise<boolean> {
  const challenge = randomHex(16);
  const body = JSON.stringify({ token: 'local-verification-token', challenge, type: 'url_verification' });
  try {
    const headers = signed('application/json', body, tokens, now);
    const response = await posted(url, { headers, body });
    const text = (await response?.text()) ?? '';
    const isBack = text.trim() === challenge || fieldsOf(parsed(text))['challenge'] === challenge;
    return response?.ok === true && isBack;
  } catch {
    return false;
  }
}

/** Bolt answers 400 to a form with a charset in its content type, so none is sent. */
export function httpTransport(url: string, tokens: Tokens, now: () => number): Transport {
  return {
    canBeSwitchedOff: true,
    async send(kind: EnvelopeKind, payload: Fields, _acceptsPayload: boolean, retry?: Retry): Promise<Answer> {
      const { type, body } = encoded(kind, payload);
      const headers = {
        ...signed(type, body, tokens, now),
        ...(retry ? { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason } : {}),
      };
      try {
        const response = await posted(url, { headers, body });
        if (!response) return { kind: 'failed', reason: 'too_many_redirects' };
        const text = await response.text();
        if (response.ok) return { kind: 'acked', body: text === '' ? undefined : (parsed(text) ?? text) };
        const final = response.headers.get('x-slack-no-retry') === '1';
        return { kind: 'failed', reason: 'http_error', final };
      } catch (thrown) {
        return failure(thrown);
      }
    },
  };
}
