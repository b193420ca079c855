import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { addressKind, isWithin, networkOf } from './addresses.ts';

interface Address {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a host name; rejects when there are none. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

export interface Call {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * What the operator named: hosts as `name` or `name:port`, networks as `10.0.0.0/8`. Only these may be called by
   * http or be private.
   */
  readonly allowedHosts: readonly string[];
  /** For the whole call, answer included; 10,000 unless said. */
  readonly timeoutMs?: number;
  /** Of the answer's body; 2 MiB unless said. */
  readonly maxBytes?: number;
  readonly resolve?: Resolve;
}

/** Any answer with a status outside of 3xx. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case; of a repeated header the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Failure {
  readonly kind: 'failure';
  /** forbidden: our own rules; redirect and too-large: a later call would end alike; the others may pass. */
  readonly reason: 'forbidden' | 'redirect' | 'too-large' | 'timeout' | 'unreachable';
  /** A sentence that names the host and no more of the URL. */
  readonly message: string;
  /** Whether the other side may have got the request and acted on it. */
  readonly mayHaveArrived: boolean;
  readonly cause?: unknown;
}

/**
 * The one way out to other systems. Every address a name resolves to is checked, and the connection goes to the
 * checked ones; redirects are not followed. It never throws for what the other side does, and never retries.
 */
export async function callOut(call: Call): Promise<Answer | Failure> {
  const url = URL.canParse(call.url) ? new URL(call.url) : undefined;
  if (!url) return refused('The address is not a URL.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const networks = networksIn(call.allowedHosts);
  const named = isNamed(url, host, call.allowedHosts);
  const refusal = refusalOf(url, host, named || networks.length > 0);
  if (refusal !== undefined) return refused(refusal);

  const { timeoutMs = 10_000, resolve = systemResolve } = call;
  const signal = AbortSignal.timeout(timeoutMs);
  let agent: Agent | undefined;
  try {
    const literal = isIP(host);
    const addresses = literal === 0 ? await unlessAborted(resolve(host), signal) : [{ address: host, family: literal }];
    for (const { address } of addresses) {
      const problem = problemWith(address, url, host, named || isWithin(address, networks));
      if (problem !== undefined) return refused(problem);
    }
    agent = new Agent({ connect: { lookup: pinned(addresses), timeout: timeoutMs } });
    return await exchange(call, url, agent, signal);
  } catch (cause) {
    return failureOf(cause, host, { timeoutMs, sent: agent !== undefined });
  } finally {
    void agent?.destroy();
  }
}

async function exchange(call: Call, url: URL, dispatcher: Agent, signal: AbortSignal): Promise<Answer | Failure> {
  const { maxBytes = 2 * 1024 * 1024 } = call;
  const response = await request(url, {
    method: call.method ?? 'GET',
    headers: { 'accept-encoding': 'identity', ...call.headers },
    body: call.body ?? null,
    dispatcher,
    signal,
  });
  const { statusCode: status } = response;
  response.body.on('error', () => {}); // The loop below sees it; without a listener a destroyed body would be uncaught.
  const stopped = (reason: Failure['reason'], message: string): Failure => {
    response.body.destroy();
    return { kind: 'failure', reason, message: `${url.hostname} ${message}`, mayHaveArrived: true };
  };
  if (status >= 300 && status < 400) {
    return stopped('redirect', `answered with a redirect (${status}), which is not followed: give the final address.`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > maxBytes) return stopped('too-large', `answered with more than ${maxBytes} bytes.`);
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, [value].flat()[0] ?? '']);
  return { kind: 'answer', status, headers: Object.fromEntries(headers), body: Buffer.concat(chunks).toString('utf8') };
}

const systemResolve: Resolve = (host) => lookup(host, { all: true, verbatim: true });

function isNamed(url: URL, host: string, allowedHosts: readonly string[]): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const bare = (name: string) =>
    name
      .toLowerCase()
      .replace(/\.$/, '')
      .replace(/^\[(.*)\]$/, '$1');
  return allowedHosts.some((entry) => {
    const name = entry.trim();
    return (
      bare(name) === bare(host) ||
      name.toLowerCase() === `${bare(url.hostname)}:${port}` ||
      name === `[${host}]:${port}`
    );
  });
}

const networksIn = (allowedHosts: readonly string[]) =>
  allowedHosts.map((entry) => networkOf(entry.trim())).filter((network) => network !== undefined);

/** Of what the operator named, only what one host needs: that name, and all networks, as it may live in any. */
export function allowedFor(url: string, allowedHosts: readonly string[]): string[] {
  if (!URL.canParse(url)) return [];
  const { hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return allowedHosts.filter((entry) => networkOf(entry.trim()) !== undefined || isNamed(new URL(url), host, [entry]));
}

const howToAllow = 'Whoever runs me can add it to PITCREW_ALLOWED_HOSTS.';
const httpsOnly = (host: string) =>
  `${host} is called by https only, unless the operator names this host. ${howToAllow}`;

/** What needs no look at the addresses. */
function refusalOf(url: URL, host: string, mayBeAllowed: boolean): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `Only https and http are called, not ${url.protocol}`;
  if (url.username !== '' || url.password !== '') return 'The address must not hold a user name or password.';
  return url.protocol === 'http:' && !mayBeAllowed ? httpsOnly(host) : undefined;
}

function problemWith(address: string, url: URL, host: string, allowed: boolean): string | undefined {
  const kind = addressKind(address);
  if (kind === 'forbidden') return `${host} is not called: ${address} is no address of a service.`;
  if (allowed) return undefined;
  if (kind === 'internal') {
    return `${host} is not called: ${address} is not public, and the operator has not named this host. ${howToAllow}`;
  }
  return url.protocol === 'http:' ? httpsOnly(host) : undefined;
}

/** A lookup that knows only the addresses that were checked, so that nobody is asked a second time. */
function pinned(addresses: readonly Address[]): LookupFunction {
  return (host, options, done) => {
    const [first] = addresses;
    if (!first) done(Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' }), '');
    else if (options.all === true) done(null, [...addresses]);
    else done(null, first.address, first.family);
  };
}

function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}

const refused = (message: string): Failure => ({
  kind: 'failure',
  reason: 'forbidden',
  message,
  mayHaveArrived: false,
});

/** Failures of the connection itself, before any byte of the request was sent. */
const unsent: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ENOTFOUND: 'has no address in the DNS',
  EAI_AGAIN: 'could not be looked up in the DNS',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  UND_ERR_CONNECT_TIMEOUT: 'did not accept the connection in time',
  UND_ERR_INVALID_ARG: 'was not called: a header has characters that HTTP does not allow',
};

function failureOf(cause: unknown, host: string, { timeoutMs, sent }: { timeoutMs: number; sent: boolean }): Failure {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  if (error.name === 'TimeoutError') {
    const message = `${host} did not answer within ${timeoutMs / 1000} s.`;
    return { kind: 'failure', reason: 'timeout', message, mayHaveArrived: sent, cause };
  }
  const code = codeOf(error);
  const before = unsent[code] ?? (isCertificate(code) ? `has a certificate that is not trusted (${code})` : undefined);
  const message = `${host} ${before ?? `broke the connection${code ? ` (${code})` : ''}`}.`;
  return { kind: 'failure', reason: 'unreachable', message, mayHaveArrived: sent && before === undefined, cause };
}

const isCertificate = (code: string) => /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|SSL/.test(code);

/** Of the error or, when several addresses were tried, of the first that has one. */
function codeOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string') return error.code;
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  return inner.map((each) => (each instanceof Error ? codeOf(each) : '')).find((code) => code !== '') ?? '';
}
