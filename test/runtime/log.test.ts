import { expect, it } from 'vitest';
import { createLog } from '../../src/runtime/log.ts';

function written(about: object, text = 'something happened'): string {
  const lines: string[] = [];
  createLog('info', { write: (line) => void lines.push(line) }).error(about, text);
  return lines.join('');
}

it.each([
  ['a token by key', { auth: { botToken: 'abc123' } }, 'abc123'],
  ['a password deep down', { a: { b: [{ c: { password: 'hunter2' } }] } }, 'hunter2'],
  ['a header', { headers: { authorization: 'Basic dXNlcjpwYXNz' } }, 'dXNlcjpwYXNz'],
  ['a quoted secret', { secret: 'a"b' }, 'a\\"b'],
  ['a Slack token in a sentence', { said: 'token xoxb-123-abc refused' }, 'xoxb-123-abc'],
  ['an app token', { said: 'xapp-1-A0-abc' }, 'xapp-1-A0-abc'],
  ['a response URL', { url: 'https://hooks.slack.com/actions/T1/2/abc' }, 'actions/T1'],
  ['a response URL by key', { response_url: 'http://127.0.0.1:9/response/abc' }, 'response/abc'],
  ['a bearer token', { said: 'Bearer abcdefgh12345' }, 'abcdefgh12345'],
  ['a database URL', { said: 'postgres://app:s3cret@db:5432/x' }, 's3cret'],
  ['a token in a query', { url: 'https://x.example/hook?token=abc123' }, 'abc123'],
])('hides %s', (_, about, secret) => {
  const line = written(about);
  expect(line).not.toContain(secret);
  expect(line).toContain('[hidden]');
});

it('hides secrets in errors and in their causes', () => {
  const cause = new Error('connect postgres://app:s3cret@db/x');
  const line = written({ err: new Error('xoxb-1-2 was refused', { cause }) });
  expect(line).not.toMatch(/s3cret|xoxb-1/);
  expect(line).toContain('was refused');
});

it('stays readable as JSON', () => {
  const line = written({
    token: 'a',
    n: { secret: 5, list: [{ password: true }] },
    tokens: ['a', 'b'],
    secrets: { a: 'b' },
    plain: 'kept',
  });
  expect(JSON.parse(line)).toMatchObject({
    plain: 'kept',
    token: '[hidden]',
    n: { secret: '[hidden]' },
    tokens: '[hidden]',
    secrets: '[hidden]',
  });
});
