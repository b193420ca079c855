import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** How a sender proves that a delivery is its own. */
export const schemes = ['mlflow', 'github', 'grafana', 'gitlab', 'standard-webhooks', 'bearer'] as const;
export type Scheme = (typeof schemes)[number];

export interface Signed {
  readonly secret: string;
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as they came, before anything read them. */
  readonly body: Uint8Array;
  readonly now: Date;
}

const oldestMs = 300_000;
const aheadMs = 60_000;
const mismatch = 'The signature does not match: is the secret the one that was shown when this was connected?';

/** True, or in a sentence why not. Compares in constant time, whatever the lengths. */
export function verified(scheme: Scheme, signed: Signed): true | string {
  if (signed.secret === '') return 'There is no secret to check it with.';
  switch (scheme) {
    case 'mlflow':
      return stamped(signed, Buffer.from(signed.secret), {
        id: 'X-MLflow-Delivery-Id',
        time: 'X-MLflow-Timestamp',
        signature: 'X-MLflow-Signature',
      });
    case 'standard-webhooks':
      return standard(signed);
    case 'github':
      return github(signed);
    case 'grafana':
      return grafana(signed);
    case 'gitlab':
      return gitlab(signed);
    case 'bearer':
      return bearer(signed);
  }
}

function header({ headers }: Signed, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === wanted);
  return found?.[1].trim() || undefined;
}

const missing = (name: string) => `The header ${name} is missing.`;

/** Hashed first, so that the time it takes says nothing of content or length. */
function same(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

function hmac(secret: Uint8Array, ...parts: readonly (string | Uint8Array)[]) {
  const mac = createHmac('sha256', secret);
  for (const part of parts) mac.update(part);
  return mac;
}

/** The secret of Standard Webhooks is base64, with or without its prefix. Anyone can sign with a key of no bytes. */
function standard(signed: Signed): true | string {
  const key = Buffer.from(signed.secret.replace(/^whsec_/, ''), 'base64');
  if (key.length === 0) return 'The secret is not one of Standard Webhooks: it has to be whsec_ and base64.';
  return stamped(signed, key, { id: 'webhook-id', time: 'webhook-timestamp', signature: 'webhook-signature' });
}

/** v1,base64 of HMAC-SHA256 over id.timestamp.body; several are separated by spaces while a secret is rotated. */
function stamped(
  signed: Signed,
  secret: Uint8Array,
  names: { readonly id: string; readonly time: string; readonly signature: string },
): true | string {
  const [id, time, given] = [names.id, names.time, names.signature].map((name) => header(signed, name));
  if (id === undefined) return missing(names.id);
  if (time === undefined) return missing(names.time);
  if (given === undefined) return missing(names.signature);
  const old = tooOld(time, signed.now);
  if (old) return old;
  const wanted = `v1,${hmac(secret, `${id}.${time}.`, signed.body).digest('base64')}`;
  return given.split(/\s+/).some((each) => same(each, wanted)) || mismatch;
}

function tooOld(time: string, now: Date): string | undefined {
  if (!/^\d{1,12}$/.test(time)) return 'The timestamp is not a number of seconds.';
  const age = now.getTime() - Number(time) * 1000;
  if (age > oldestMs) return 'The timestamp is more than 5 minutes old: is the clock of the sender right?';
  if (age < -aheadMs) return 'The timestamp lies in the future: is the clock of the sender right?';
  return undefined;
}

function github(signed: Signed): true | string {
  const given = header(signed, 'X-Hub-Signature-256');
  if (given === undefined) return missing('X-Hub-Signature-256');
  return same(given, `sha256=${hmac(Buffer.from(signed.secret), signed.body).digest('hex')}`) || mismatch;
}

const mostStamps = 4;

/**
 * Grafana signs the body, or "seconds:body" where a header for the timestamp is set up. Whoever sets it up names that
 * header, so each one that holds seconds is tried.
 */
function grafana(signed: Signed): true | string {
  const given = header(signed, 'X-Grafana-Alerting-Signature');
  if (given === undefined) return missing('X-Grafana-Alerting-Signature');
  const signs = (...parts: readonly (string | Uint8Array)[]) =>
    same(given, hmac(Buffer.from(signed.secret), ...parts).digest('hex'));
  if (signs(signed.body)) return true;
  const times = Object.values(signed.headers).filter((value) => /^\d{10}$/.test(value));
  const time = times.slice(0, mostStamps).find((each) => signs(`${each}:`, signed.body));
  return time === undefined ? mismatch : (tooOld(time, signed.now) ?? true);
}

/** By the signing token, or by the plain one where only that is ours. */
function gitlab(signed: Signed): true | string {
  const bySignature = header(signed, 'webhook-signature') === undefined ? undefined : standard(signed);
  if (bySignature === true) return true;
  const byToken = token(signed, 'X-Gitlab-Token');
  return byToken === true || (bySignature ?? byToken);
}

function token(signed: Signed, name: string): true | string {
  const given = header(signed, name);
  if (given === undefined) return missing(name);
  return same(given, signed.secret) || `The header ${name} has another token than the one that was shown.`;
}

/** A bearer token, or the password of basic authentication. */
function bearer(signed: Signed): true | string {
  const given = header(signed, 'Authorization');
  if (given === undefined) return missing('Authorization');
  const [kind = '', value = ''] = given.split(/\s+/);
  if (/^bearer$/i.test(kind)) return same(value, signed.secret) || 'The bearer token is not the one that was shown.';
  if (!/^basic$/i.test(kind)) return 'Send "Authorization: Bearer …" with the token that was shown.';
  const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8')) ?? [];
  return same(password, signed.secret) || 'The password is not the token that was shown.';
}
