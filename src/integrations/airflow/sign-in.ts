import type { Access } from '../../ports.ts';

export interface SignIn {
  /** The header for a call of this API; undefined where nothing was given to sign in with. */
  authorization(api: 'v2' | 'v1'): Promise<string | undefined>;
  /** What to send before it is known which API answers. */
  atFirst(): string | undefined;
  /** After a call was refused with this header: whether another one can be had. */
  renew(refused: string | undefined): boolean;
}

/** Airflow 3 gives a token for name and password, which runs out; Airflow 2 takes them with every call. */
export function signIn(
  { auth }: Access,
  newToken: (body: { username: string; password: string }) => Promise<string>,
): SignIn {
  let token: Promise<string> | undefined;
  let given: string | undefined;

  function atFirst(): string | undefined {
    if (!auth) return undefined;
    if ('token' in auth) return `Bearer ${auth.token}`;
    return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  }

  return {
    atFirst,
    authorization: async (api) => {
      if (!auth || 'token' in auth || api === 'v1') return atFirst();
      token ??= newToken({ username: auth.username, password: auth.password }).catch((error: unknown) => {
        token = undefined;
        throw error;
      });
      given = `Bearer ${await token}`;
      return given;
    },
    renew: (refused) => {
      if (given === undefined) return false;
      if (given === refused) token = undefined; // Else a call beside this one has renewed it.
      return true;
    },
  };
}
