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
  now: z.number().optional(),
});
type Vector = z.infer<typeof Vector>;
const vectors = z.array(Vector).parse(JSON.parse(readFileSync('test/fixtures/signature-vectors.json', 'utf8')));

function schemeOf(name: string): Scheme {
  const found = schemes.find((scheme) => scheme === name.replace('+timestamp', ''));
  return found ?? expect.unreachable(`an unknown scheme: ${name}`);
}
const stampOf = ({ headers }: Vector) =>
  Number(Object.entries(headers).find(([name]) => /timestamp/i.test(name))?.[1] ?? 0);
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
    else expect(said).toMatch(/^The (signature does not match|timestamp is more than 5 minutes old)/);
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
      expect(check(vector, { headers: without(name) })).toBe(missing(vector, name));
  });
  it('refuses a signature of any other length', () => {
    const headers = Object.fromEntries(
      Object.entries(vector.headers).map(([name, value]) => [
        name,
        /signature/i.test(name) ? value.slice(0, -3) : value,
      ]),
    );
    expect(check(vector, { headers })).toMatch(/does not match/);
  });
});

function missing({ scheme }: Vector, name: string): string {
  const said = scheme === 'mlflow' || scheme === 'standard-webhooks' ? name.toLowerCase() : name;
  return `The header ${said} is missing.`;
}

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

const plain = (scheme: Scheme, headers: Record<string, string>) =>
  verified(scheme, { secret: 'pit_1', headers, body: Buffer.from('{}'), now: new Date(0) });

it.each([
  [{ 'X-Gitlab-Token': 'pit_1' }, true],
  [{ 'X-Gitlab-Token': 'pit_2' }, 'The header X-Gitlab-Token has another token than the one that was shown.'],
  [{}, 'The header X-Gitlab-Token is missing.'],
])('GitLab with %j', (headers, wanted) => expect(plain('gitlab', headers)).toBe(wanted));

it('GitLab with a signing token is checked like Standard Webhooks', () => {
  const vector = good.find(({ scheme }) => scheme === 'standard-webhooks') ?? expect.unreachable();
  expect(check(vector, { scheme: 'gitlab' })).toBe(true);
  expect(check(vector, { scheme: 'gitlab', secret: 'whsec_AAAA' })).toMatch(/does not match/);
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
