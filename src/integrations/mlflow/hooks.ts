import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { Ask } from './client.ts';
import { missing, reported } from './errors.ts';

const Hooks = z.object({
  webhooks: z.array(z.object({ webhook_id: z.string(), name: z.string() })).default([]),
  next_page_token: z.string().optional(),
});
const events = [
  { entity: 'MODEL_VERSION', action: 'CREATED' },
  { entity: 'MODEL_VERSION_ALIAS', action: 'CREATED' },
  { entity: 'MODEL_VERSION_ALIAS', action: 'DELETED' },
];

/** Makes MLflow call this address, or changes the web-hook of the same name. */
export async function tellUs(ask: Ask, hook: { name: string; url: string; secret: string }): Promise<void> {
  const known = await hookNamed(ask, hook.name);
  const fields = { ...hook, events, status: 'ACTIVE' };
  const answer =
    known === undefined
      ? await ask({ method: 'POST', path: 'webhooks', fields }, z.unknown())
      : await ask({ method: 'PATCH', path: `webhooks/${known}`, fields }, z.unknown());
  if (!answer.ok) throw new Refusal(refusedHook(answer.error.message) ?? reported(answer.error));
}

async function hookNamed(ask: Ask, name: string): Promise<string | undefined> {
  let page: string | undefined = '';
  while (page !== undefined) {
    const fields: Record<string, string> = { max_results: '100', ...(page && { page_token: page }) };
    const answer = await ask({ method: 'GET', path: 'webhooks', fields }, Hooks);
    if (!answer.ok) {
      throw new Refusal(
        missing(answer.error) || answer.error.error_code === 'ENDPOINT_NOT_FOUND'
          ? 'This MLflow has no web-hooks; they came with version 3.3. I look at it once a minute instead.'
          : reported(answer.error),
      );
    }
    const found = answer.body.webhooks.find((each) => each.name === name);
    if (found) return found.webhook_id;
    page = answer.body.next_page_token || undefined;
  }
  return undefined;
}

/** MLflow calls only https and public addresses unless whoever runs it says otherwise. */
function refusedHook(words: string): string | undefined {
  if (/scheme|https/i.test(words))
    return `MLflow calls https addresses only: ${words} Set PUBLIC_URL here, or MLFLOW_WEBHOOK_ALLOWED_SCHEMES=http,https there.`;
  if (/private|resolve|public|loopback/i.test(words))
    return `MLflow does not call private addresses: ${words} Set MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS=true there, or let me look once a minute.`;
  return undefined;
}
