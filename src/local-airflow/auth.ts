import { randomUUID } from 'node:crypto';
import { problem } from './api-v1.ts';
import { type Answer, isFields, no } from './checks.ts';

/** Name → password; without them everyone may do everything. */
export type Users = Readonly<Record<string, string>>;
type Token = { readonly user: string; state: 'good' | 'expired' | 'unknown' };

export interface Door {
  /** The name of who asks, or the answer that turns them away. */
  who(headers: { readonly authorization?: string | undefined }): string | Answer;
  /** Answers POST /auth/token. */
  token(body: unknown): Answer;
  /** All tokens given so far; `unknown` as after a new key of the server. */
  spoil(state: 'expired' | 'unknown'): void;
}

export function doorV2(users: Users | undefined): Door {
  const tokens = new Map<string, Token>();
  return {
    who: ({ authorization = '' }) => {
      const given = /^Bearer (.+)$/.exec(authorization)?.[1];
      if (!users && given === undefined) return 'anonymous';
      if (given === undefined) return no(401, 'Not authenticated');
      const token = tokens.get(given);
      if (token?.state === 'expired') return no(401, 'Token Expired');
      return token?.state === 'good' ? token.user : no(403, 'Invalid JWT token');
    },
    token: (body) => {
      const { username, password } = isFields(body) ? body : {};
      if (typeof username !== 'string' || typeof password !== 'string') {
        return no(422, '1 validation error for LoginBody\npassword\n  Field required [type=missing]');
      }
      if (users && users[username] !== password) return no(401, 'Invalid credentials');
      const access_token = `jwt.${randomUUID()}`;
      tokens.set(access_token, { user: username, state: 'good' });
      return { status: 201, body: { access_token } };
    },
    spoil: (state) => {
      for (const token of tokens.values()) token.state = state;
    },
  };
}

export function doorV1(users: Users | undefined): Door {
  const notFound = problem(404, 'Not Found', 'The requested URL was not found on the server.');
  return {
    who: ({ authorization = '' }) => {
      if (!users) return 'anonymous';
      const given = Buffer.from(/^Basic (.+)$/.exec(authorization)?.[1] ?? '', 'base64').toString();
      const [name = '', ...password] = given.split(':');
      return users[name] !== undefined && users[name] === password.join(':')
        ? name
        : problem(401, 'Unauthorized', null);
    },
    token: () => notFound,
    spoil: () => {},
  };
}
