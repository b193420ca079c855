import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Scheme, schemes, verified } from '../../src/lib/signatures.ts';

const Vector = z.object({
  scheme: z.string(),
  secret: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  valid: z.boolean(),
  why: z.string().optional(),
  note: z.string().optional(),
  /** Starts with the name of the header. */
  timestamp_header: z.string().optional(),
  /** Seconds. */
  now: z.number().optional(),
});
type Vector = z.infer<typeof Vector>;
const vectors = z.array(Vector).parse(JSON.parse(readFileSync('test/fixtures/signature-vectors.json', 'utf8')));

function schemeOf(name: string): Scheme {
  const found = schemes.find((scheme) => scheme === name.replace('+timestamp', ''));
  return found ?? expect.unreachable(`an unknown scheme: ${name}`);
}
const stampNameOf = ({ headers, timestamp_header: named }: Vector) =>
  Object.keys(headers).find((name) => name === named?.split(' ')[0]) ??
  Object.keys(headers).find((name) => /timestamp/i.test(name)) ??
  '';
const stampOf = (vector: Vector) => Number(vector.headers[stampNameOf(vector)] ?? 0);
const sentence = /^[A-Z].+[.?]$/;
const check = (vector: Vector, more: Partial<Vector> = {}) => {
  const { scheme, secret, headers, body, now } = { ...vector, ...more };
  const at = new Date((now ?? stampOf(vector)) * 1000);
  return verified(schemeOf(scheme), { secret, headers, body: Buffer.from(body), now: at });
};

it.each(vectors.map((vector, i) => ({ vector, name: `${i} ${vector.scheme} ${vector.why ?? ''}` })))(
  '$name',
  ({ vector }) => {
    const said = check(vector);
    if (vector.valid) expect(said).toBe(true);
    else expect(said).toMatch(sentence);
  },
);

const good = [...new Map(vectors.filter(({ valid }) => valid).map((vector) => [vector.scheme, vector])).values()];
describe.each(good)('$scheme', (vector) => {
  it('takes the names of headers in any case', () => {
    const headers = Object.fromEntries(
      Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    expect(check(vector, { headers })).toBe(true);
  });
  it.each([
    ['another secret', { secret: 'another' }],
    ['another body', { body: `${vector.body} ` }],
  ])('refuses %s', (_, more) => expect(check(vector, more)).toMatch(/does not match/));
  it('says which header is missing', () => {
    const without = (left: string) =>
      Object.fromEntries(Object.entries(vector.headers).filter(([name]) => name !== left));
    for (const name of Object.keys(vector.headers).filter((each) => /signature|-id$/i.test(each)))
      expect(String(check(vector, { headers: without(name) })).toLowerCase()).toBe(
        `the header ${name.toLowerCase()} is missing.`,
      );
  });
  it('refuses a signature of any other length', () => {
    const headers = Object.fromEntries(
      Object.entries(vector.headers).map(([name, value]) => [
        name,
        /signature/i.test(name) ? value.slice(0, 9) : value,
      ]),
    );
    expect(check(vector, { headers })).toMatch(/does not match/);
  });
});

it.each([
  [-61, /lies in the future/],
  [-59, true],
  [300, true],
  [301, /more than 5 minutes old/],
])('a delivery that is %i s old', (age, wanted) => {
  for (const vector of good.filter((each) => stampOf(each) > 0)) {
    const said = check(vector, { now: stampOf(vector) + age });
    if (wanted instanceof RegExp) expect(said).toMatch(wanted);
    else expect(said).toBe(true);
  }
});

const hmac = (secret: string | Uint8Array, ...parts: readonly (string | Uint8Array)[]) =>
  parts.reduce((mac, part) => mac.update(part), createHmac('sha256', secret));
const sent = 1_790_000_000;

describe('Grafana with a timestamp', () => {
  const body = Buffer.from('{"alerts": []}');
  const signature = { 'X-Grafana-Alerting-Signature': hmac('s1', `${sent}:`, body).digest('hex') };
  const say = (headers: Record<string, string>, age = 0) =>
    verified('grafana', {
      secret: 's1',
      headers: { ...headers, ...signature },
      body,
      now: new Date((sent + age) * 1000),
    });
  it('may have it in a header of any name', () =>
    expect(say({ 'x-request-start': '1700000000', 'x-sent-at': String(sent) })).toBe(true));
  it.each([301, -61])('of any name is held to it when %i s old', (age) =>
    expect(say({ 'x-sent-at': String(sent) }, age)).toMatch(/^The timestamp/),
  );
  it('is refused without it, and with another', () => {
    expect(say({})).toMatch(/does not match/);
    expect(say({ 'x-sent-at': String(sent + 1) })).toMatch(/does not match/);
  });
});

const key = Buffer.from('a key of a GitLab project');
const whsec = `whsec_${key.toString('base64')}`;
/** Signed with `key`, so far as the secret says so. */
const standard = (scheme: Scheme, secret: string, more: Record<string, string> = {}) => {
  const signature = `v1,${hmac(key, `m1.${sent}.`, '{}').digest('base64')}`;
  const headers = { 'webhook-id': 'm1', 'webhook-timestamp': String(sent), 'webhook-signature': signature, ...more };
  return verified(scheme, { secret, headers, body: Buffer.from('{}'), now: new Date(sent * 1000) });
};

it.each([
  [whsec, true],
  [key.toString('base64'), true],
  ['whsec_', 'The secret is not one of Standard Webhooks: it has to be whsec_ and base64.'],
  ['', 'There is no secret to check it with.'],
])('Standard Webhooks with the secret %j', (secret, wanted) =>
  expect(standard('standard-webhooks', secret)).toBe(wanted),
);

it('bytes that no text shows count', () => {
  const headers = { 'x-hub-signature-256': `sha256=${hmac('s1', Uint8Array.of(0xff)).digest('hex')}` };
  const say = (byte: number) =>
    verified('github', { secret: 's1', headers, body: Uint8Array.of(byte), now: new Date(0) });
  expect(say(0xff)).toBe(true);
  expect(say(0xfe)).toMatch(/does not match/);
});

it.each(schemes)('%s without a secret proves nothing', (scheme) => {
  const signed = { secret: '', headers: { authorization: 'Basic OnM=' }, body: Buffer.from(''), now: new Date(0) };
  expect(verified(scheme, signed)).toBe('There is no secret to check it with.');
});

const plain = (scheme: Scheme, headers: Record<string, string>) =>
  verified(scheme, { secret: 'pit_1', headers, body: Buffer.from('{}'), now: new Date(0) });

it.each([
  [{ 'X-Gitlab-Token': 'pit_1' }, true],
  [{ 'X-Gitlab-Token': 'pit_2' }, 'The header X-Gitlab-Token has another token than the one that was shown.'],
  [{}, 'The header X-Gitlab-Token is missing.'],
])('GitLab with %j', (headers, wanted) => expect(plain('gitlab', headers)).toBe(wanted));

it.each([
  [whsec, {}, true],
  ['whsec_AAAA', {}, /^The signature does not match/],
  ['whsec_AAAA', { 'x-gitlab-token': 'whsec_AAAA' }, true],
  ['whsec_AAAA', { 'x-gitlab-token': 'whsec_AAAB' }, /^The signature does not match/],
])('GitLab with a signing token, the secret %j and %j', (secret, more, wanted) => {
  const said = standard('gitlab', secret, more);
  if (wanted instanceof RegExp) expect(said).toMatch(wanted);
  else expect(said).toBe(true);
});

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
it.each([
  ['Bearer pit_1', true],
  ['bearer  pit_1', true],
  ['Bearer pit_2', 'The bearer token is not the one that was shown.'],
  [basic('anyone:pit_1'), true],
  [basic('anyone:pit_2'), 'The password is not the token that was shown.'],
  ['Digest x', 'Send "Authorization: Bearer …" with the token that was shown.'],
])('%s', (authorization, wanted) => expect(plain('bearer', { authorization })).toBe(wanted));

it('without any header says so', () => expect(plain('bearer', {})).toBe('The header Authorization is missing.'));
