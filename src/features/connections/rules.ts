import { checkedName } from '../../lib/names.ts';
import { Refusal } from '../../lib/refusal.ts';
import { clip } from '../../slack/limits.ts';
import { type Connection, type ConnectionKind, type SignIn, signIns } from './schema.ts';

/** As people fill in the form; what a kind does not ask is empty. */
export interface Typed {
  readonly url: string;
  readonly signIn: string | undefined;
  readonly username: string;
  readonly secret: string;
  readonly space: string;
  readonly name: string;
}

/** A form that was read. No secret: the one that is kept, if any, stays. */
export interface Wanted extends Pick<Connection, 'url' | 'signIn' | 'username' | 'space'> {
  readonly name: string | undefined;
  readonly secret: string | undefined;
}

const longestName = 60;
const longestSpace = 255;

export function readTyped(kind: ConnectionKind, typed: Typed, before?: Connection): Wanted {
  const url = readAddress(typed.url);
  const name = typed.name === '' ? undefined : checkedName(typed.name, longestName);
  if (kind === 'webhook') return { url, name, signIn: 'signature', username: '', secret: undefined, space: '' };
  if (typed.space.length > longestSpace || /[^\x20-\x7E]/.test(typed.space)) {
    throw new Refusal('This is no name of a workspace or a namespace.', { field: 'space' });
  }
  return { url, name, space: typed.space, ...readSignIn(typed, url, before) };
}

function readSignIn(typed: Typed, url: string, before: Connection | undefined) {
  const signIn: SignIn = signIns.find((each) => each === typed.signIn) ?? 'none';
  const { username, secret } = typed;
  const what = signIn === 'token' ? 'token' : 'password';
  if (signIn !== 'password' && username !== '') throw unused('username');
  if (signIn === 'none') {
    if (secret !== '') throw unused('signIn');
    return { signIn, username: '', secret: undefined };
  }
  if (signIn === 'password' && username === '') throw new Refusal('Which user signs in?', { field: 'username' });
  if (/[^\x20-\x7E]/.test(secret)) {
    throw new Refusal(`The ${what} holds characters that cannot be sent in a header.`, { field: 'secret' });
  }
  if (secret === '' && before?.signIn !== signIn) throw new Refusal(`The ${what} is missing.`, { field: 'secret' });
  if (secret === '' && before && originOf(before.url) !== originOf(url)) {
    throw new Refusal(`The ${what} was given for ${hostOf(before)} only: type it again for the new address.`, {
      field: 'secret',
    });
  }
  return { signIn, username, secret: secret || undefined };
}

function unused(field: string): Refusal {
  return new Refusal('Choose how to sign in first, or leave user, password and token empty.', { field });
}

/** Whatever stands in an address is shown and kept readable, so nothing secret may stand in it. */
function readAddress(typed: string): string {
  const no = (words: string) => new Refusal(words, { field: 'url' });
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw no('This has to be an address that begins with https://.');
  if (url.username !== '' || url.password !== '') {
    throw no('Leave the user and the password out of the address: there is a place for them below.');
  }
  if (url.search !== '' || url.hash !== '') throw no('Leave out what begins with ? or #.');
  return url.href.replace(/\/+$/, '');
}

/** mlflow, or mlflow-2 where that is taken. */
export function freeName(kind: ConnectionKind, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  for (let number = 2; used.has(kind); number += 1) if (!used.has(`${kind}-${number}`)) return `${kind}-${number}`;
  return kind;
}

const originOf = (url: string) => new URL(url).origin;
export const hostOf = ({ url }: Pick<Connection, 'url'>): string => new URL(url).host;

export function checkKey(hasKey: boolean): void {
  if (hasKey) return;
  throw new Refusal(
    'I would have to keep a secret, and I have no key to seal it with. ' +
      'Whoever runs me sets PITCREW_SECRET_KEY to what `openssl rand -base64 32` prints and starts me again.',
    { field: 'secret' },
  );
}

const longestWords = 500;
const shortestHidden = 4;

/** What another system said, as it may be kept and shown: a server that repeats what it was sent gives nothing away. */
export function keepableWords(words: string, { username, secret }: { username: string; secret: string | undefined }) {
  const basic = secret && Buffer.from(`${username}:${secret}`).toString('base64');
  const hidden = [secret, basic].filter((each) => each !== undefined && each.length >= shortestHidden);
  const without = hidden.reduce((text: string, each) => text.replaceAll(each ?? '', '[hidden]'), words);
  return clip(without.replaceAll('\0', '\uFFFD'), longestWords);
}
