import type { Context } from '../../context.ts';
import { allowedFor } from '../../lib/outgoing.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Access, Pipelines, Registry, Tools } from '../../ports.ts';
import type { Connection } from './schema.ts';

/** A secret that was moved to another row or another workspace does not open. */
const sealedFor = ({ workspace, id }: Pick<Connection, 'workspace' | 'id'>) => [workspace, id];

export function sealed(ctx: Context, id: string, secret: string): string {
  if (!ctx.sealing) throw new Error('no key to seal with');
  return ctx.sealing.seal(secret, sealedFor({ workspace: ctx.workspace, id }));
}

export function secretOf(ctx: Context, connection: Connection): string | undefined {
  if (connection.secret === null) return undefined;
  try {
    return ctx.sealing?.open(connection.secret, sealedFor(connection)) ?? noKey(connection);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    ctx.log.error({ err: error, connection: connection.id }, 'the secret of a connection does not open');
    return noKey(connection);
  }
}

function noKey({ name }: Connection): never {
  throw new Refusal(
    `I cannot open what I keep for ${name}: PITCREW_SECRET_KEY is not the one it was sealed with. ` +
      'Whoever runs me can bring it back; else edit the connection and type the password or token again.',
  );
}

/** Each connection may be called at its own host; only what the operator named of that host may be private. */
function accessOf(ctx: Context, connection: Connection): Access {
  const { url, space, username } = connection;
  const secret = secretOf(ctx, connection);
  return {
    url,
    allowedHosts: allowedFor(url, ctx.allowedHosts),
    ...(secret !== undefined && {
      auth: connection.signIn === 'password' ? { username, password: secret } : { token: secret },
    }),
    ...(space !== '' && { space }),
  };
}

type Made<Client> = WeakMap<Tools, Map<string, Client>>;
const registries: Made<Registry> = new WeakMap();
const pipelines: Made<Pipelines> = new WeakMap();
const mostKept = 200;

export function registryAt(ctx: Context, connection: Connection): Registry {
  return kept(registries, ctx, connection, () => ctx.tools.mlflow(accessOf(ctx, connection)));
}

export function pipelinesAt(ctx: Context, connection: Connection): Pipelines {
  const { kind, name } = connection;
  if (kind !== 'airflow' && kind !== 'kubeflow') throw new Refusal(`${name} is connected as ${kind} and runs nothing.`);
  return kept(pipelines, ctx, connection, () => ctx.tools[kind](accessOf(ctx, connection)));
}

/** A client is used again until its connection is edited, so that it need not sign in for every call. */
function kept<Client>(made: Made<Client>, ctx: Context, connection: Connection, make: () => Client): Client {
  const key = `${connection.workspace} ${connection.id} ${connection.revision}`;
  const all = made.get(ctx.tools) ?? new Map<string, Client>();
  made.set(ctx.tools, all);
  const client = all.get(key) ?? make();
  const [oldest] = all.keys();
  if (all.size >= mostKept && oldest !== undefined && !all.has(key)) all.delete(oldest);
  all.set(key, client);
  return client;
}
