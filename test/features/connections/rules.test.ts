import { describe, expect, it } from 'vitest';
import { keepableWords, readTyped } from '../../../src/features/connections/rules.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import { typed } from './support.ts';

function refusal(work: () => unknown): { message: string; field: string | undefined } {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return { message: error.message, field: error.field };
  }
  throw new Error('it was not refused');
}

describe('what is typed', () => {
  it.each([
    [{ url: 'mlflow.example' }, 'url', 'begins with https://'],
    [{ url: 'file:///etc/passwd' }, 'url', 'begins with https://'],
    [{ url: 'https://pit:secret@mlflow.example' }, 'url', 'Leave the user and the password out'],
    [{ url: 'https://mlflow.example/?token=secret' }, 'url', 'what begins with ? or #'],
    [{ url: 'https://mlflow.example/#/models' }, 'url', 'what begins with ? or #'],
    [{ signIn: 'password', secret: 'x' }, 'username', 'Which user'],
    [{ signIn: 'password', username: 'pit' }, 'secret', 'The password is missing'],
    [{ signIn: 'token' }, 'secret', 'The token is missing'],
    [{ signIn: 'token', secret: 'a\nb' }, 'secret', 'cannot be sent in a header'],
    [{ signIn: 'token', secret: 'x', username: 'pit' }, 'username', 'how to sign in'],
    [{ secret: 'x' }, 'signIn', 'how to sign in'],
    [{ space: 'ml\r\nx: y' }, 'space', 'no name of a workspace'],
    [{ name: '<!channel>' }, 'name', 'mention'],
  ])('%j is refused under its input', (more, field, words) => {
    const { message, field: at } = refusal(() => readTyped('mlflow', typed(more)));
    expect([at, message]).toEqual([field, expect.stringContaining(words)]);
    expect(message).not.toContain('secret@');
  });

  it('an address loses its last slash and keeps its path', () => {
    expect(readTyped('kubeflow', typed({ url: 'https://kf.example/pipeline/' })).url).toBe(
      'https://kf.example/pipeline',
    );
  });

  it('a web-hook asks for no sign-in', () => {
    const wanted = readTyped('webhook', typed({ signIn: 'token', username: 'pit', secret: 'x', space: 'y' }));
    expect(wanted).toMatchObject({ signIn: 'signature', username: '', secret: undefined, space: '' });
  });
});

it('words of others lose what was sent, also as basic authentication', () => {
  const secret = 'hunter2!';
  const basic = Buffer.from(`pit:${secret}`).toString('base64');
  expect(keepableWords(`got ${secret} in Basic ${basic}\0`, { username: 'pit', secret })).toBe(
    'got [hidden] in Basic [hidden]\uFFFD',
  );
  expect(keepableWords('a cat', { username: '', secret: 'a' })).toBe('a cat');
  expect(keepableWords('fine', { username: '', secret: undefined })).toBe('fine');
});
