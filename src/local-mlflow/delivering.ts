import { createHmac, randomUUID } from 'node:crypto';
import type { LocalHook } from './registry.ts';

export interface LocalEvent {
  readonly entity: 'model_version' | 'model_version_alias';
  readonly action: 'created' | 'deleted';
  readonly data: Readonly<Record<string, string>>;
}

/** Posts to every web-hook as MLflow 3.17.2 does it: beside the answer, signed, and without a word where it fails. */
export function startDelivering(): { tell(hooks: readonly LocalHook[], event: LocalEvent): void; stop(): void } {
  const stopping = new AbortController();
  async function post({ url, secret }: LocalHook, event: LocalEvent): Promise<void> {
    const body = JSON.stringify({ ...event, timestamp: new Date().toISOString().replace('Z', '+00:00') });
    const id = randomUUID();
    const time = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', secret).update(`${id}.${time}.${body}`).digest('base64');
    const signed = secret === '' ? {} : { 'X-MLflow-Signature': `v1,${signature}` };
    await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'X-MLflow-Delivery-Id': id,
        'X-MLflow-Timestamp': time,
        ...signed,
      },
      body,
      signal: stopping.signal,
    });
  }
  return {
    tell: (hooks, event) => {
      for (const hook of hooks) if (hook.status === 'ACTIVE') post(hook, event).catch(() => undefined);
    },
    stop: () => stopping.abort(),
  };
}

/** What an answered call tells the web-hooks; undefined where they are not asked for it. */
export function eventOf(
  { method, path, fields }: { method: string; path: string; fields: Readonly<Record<string, unknown>> },
  answer: { readonly body: object | string },
): LocalEvent | undefined {
  const { name, alias, version } = Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? value : '']),
  );
  switch (`${method} ${path}`) {
    case 'POST registered-models/alias':
      return aliasSet({ name, alias, version });
    case 'DELETE registered-models/alias':
      return { entity: 'model_version_alias', action: 'deleted', data: { name: name ?? '', alias: alias ?? '' } };
    case 'POST model-versions/create':
      return versionMade(name ?? '', answer.body);
    default:
      return undefined;
  }
}

/** Setting an alias is always "created", also when it moved. */
export function aliasSet(data: {
  readonly name?: string | undefined;
  readonly alias?: string | undefined;
  readonly version?: string | undefined;
}): LocalEvent {
  const { name = '', alias = '', version = '' } = data;
  return { entity: 'model_version_alias', action: 'created', data: { name, alias, version } };
}

function versionMade(name: string, body: object | string): LocalEvent | undefined {
  if (typeof body === 'string' || !('model_version' in body)) return undefined;
  const { model_version: made } = body;
  if (typeof made !== 'object' || made === null || !('version' in made)) return undefined;
  return { entity: 'model_version', action: 'created', data: { name, version: String(made.version) } };
}
