import { createHmac, randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import { callOut } from '../../lib/outgoing.ts';
import { Refusal } from '../../lib/refusal.ts';
import { pipelinesAt, registryAt, secretOf } from './access.ts';
import { connectionById, hookOf } from './queries.ts';
import { keepableWords } from './rules.ts';
import type { Connection } from './schema.ts';
import { letPost, noteHook, noteTried } from './store.ts';

/** Signs in there and reads something small; what came of it stands in the row. Never inside a transaction. */
export async function tryConnection(ctx: Context, connectionId: string): Promise<Connection> {
  const connection = await connectionById(ctx, connectionId);
  const came = await wordsOf(ctx, connection, () => ask(ctx, connection));
  await noteTried(ctx, connection, { found: '', problem: '', ...came });
  return await connectionById(ctx, connectionId);
}

function ask(ctx: Context, connection: Connection): Promise<string> {
  switch (connection.kind) {
    case 'mlflow':
      return registryAt(ctx, connection).check();
    case 'airflow':
    case 'kubeflow':
      return pipelinesAt(ctx, connection).check();
    case 'webhook':
      return ping(ctx, connection);
  }
}

/** Makes a place for what MLflow posts and tells it of that. Never inside a transaction. */
export async function listenTo(ctx: Context, connectionId: string, by: string): Promise<void> {
  const { connection, source, secret } = await letPost(ctx, connectionId, by);
  const url = `${ctx.publicUrl}/hooks/${source.id}`;
  const hook = { name: `pitcrew-${source.id}`, url, secret };
  const came = await wordsOf(ctx, connection, () =>
    registryAt(ctx, connection)
      .tellUs(hook)
      .then(() => ''),
  );
  await noteHook(ctx, connectionId, 'problem' in came ? came.problem.replaceAll(secret, '[hidden]') : '');
}

type Came = { readonly found: string } | { readonly problem: string };

async function wordsOf(ctx: Context, connection: Connection, work: () => Promise<string>): Promise<Came> {
  let secret: string | undefined;
  const keepable = (words: string) => keepableWords(words, { username: connection.username, secret });
  try {
    secret = secretOf(ctx, connection);
    return { found: keepable(await work()) };
  } catch (error) {
    if (error instanceof Refusal) return { problem: keepable(error.message) };
    ctx.log.error({ err: error, connection: connection.id }, 'a connection could not be tried');
    return { problem: 'Something broke on our side while I tried it. The log says what.' };
  }
}

/** Does nothing there, but shows that it is reached and that its secret is ours. */
async function ping(ctx: Context, { id, name }: Connection): Promise<string> {
  const { url, secret, allowedHosts } = await hookOf(ctx, id);
  const at = ctx.now();
  const body = JSON.stringify({ type: 'pitcrew.ping', timestamp: at.toISOString(), data: { connection: name } });
  const headers = { 'content-type': 'application/json', ...signatureOf(secret, `msg_${randomUUID()}`, at, body) };
  const answer = await callOut({ url, method: 'POST', headers, body, allowedHosts });
  if (answer.kind === 'failure') throw new Refusal(answer.message);
  const { status } = answer;
  if (status >= 200 && status < 300) return `a test event was answered with status ${status}`;
  const hint = status === 401 || status === 403 ? ' Is the secret there the one that I showed?' : '';
  throw new Refusal(`A test event was answered with status ${status}.${hint}`);
}

/** The headers of Standard Webhooks. */
export function signatureOf(secret: string, id: string, at: Date, body: string): Record<string, string> {
  const seconds = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${mac}` };
}
