import { describe, expect, it } from 'vitest';
import { keepable } from '../../../src/features/sources/rules.ts';

const kept = (text: string) => keepable(Buffer.from(text));

describe('what is kept of a body', () => {
  it.each([
    '{"Authorization": "Bearer abcdefgh123"}',
    '{"api_key":"hush-hush","a":1}',
    '{"apiKey" : "hush-hush"}',
    '{"password": ["hush-hush", "b"]}',
    '{"token": 123456789}',
    '{"note": "curl -H Authorization: Basic aHVzaDpodXNo"}',
    '{"url": "https://user:hush-hush@host/x"}',
    '{"url": "https://host/x?access_token=hush-hush&b=1"}',
    '{"why": "sent with pit_abcdefghijklmnop"}',
    '{"client_secret": "hush \\" hush',
  ])('hides the secret in %s', (text) => {
    expect(kept(text)).toContain('[hidden]');
    expect(kept(text)).not.toMatch(/hush|abcdefgh|123456789|aHVza/);
  });

  it('leaves the rest as it came', () => {
    const text = '{"model": "churn-model", "labels": {"team": "<!channel>"}}';
    expect(kept('{"model": "churn-model", "labels": {"team": "<!channel>"}}')).toContain('"team": "<!channel>"');
    expect(kept(text)).toContain('"model": "churn-model"');
  });

  it('is at most 64 KiB of text that a database takes, whatever the bytes are', () => {
    const long = keepable(Buffer.concat([Buffer.of(0, 255, 254), Buffer.alloc(100_000, 'x')]));
    expect(long).toHaveLength(64 * 1024);
    expect(long).not.toContain('\0');
  });

  it.each(['"token', 'a.', '-eyJ', '?token', '"a', 'bearer ', 'http://'])(
    'is quick where a body repeats %j',
    (part) => {
      const start = performance.now();
      kept(part.repeat(65_536 / part.length));
      expect(performance.now() - start).toBeLessThan(1000);
    },
  );
});
