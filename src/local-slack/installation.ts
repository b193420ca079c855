import type { ServerResponse } from 'node:http';
import { emit } from './events.ts';
import { sendText } from './http.ts';
import { randomHex } from './ids.ts';
import type { World } from './world.ts';

const codeLifetimeMs = 10 * 60_000;

/** The token stops working at once, and the app hears of it. */
export function uninstall(world: World): void {
  world.installed = false;
  void emit(world, 'tokens_revoked', {
    type: 'tokens_revoked',
    tokens: { oauth: [], bot: [world.app.botUserId] },
  });
  void emit(world, 'app_uninstalled', { type: 'app_uninstalled' });
}

/** What "Add to Slack" leads to: here the first person allows it without being asked. */
export function authorize(world: World, response: ServerResponse, url: URL): void {
  const asked = Object.fromEntries(url.searchParams);
  const redirectUri = asked['redirect_uri'] ?? '';
  if (asked['client_id'] !== world.client.id) return sendText(response, 400, 'Invalid client_id parameter');
  if (!URL.canParse(redirectUri)) return sendText(response, 400, 'redirect_uri did not match any configured URIs');
  const wanted = (asked['scope'] ?? '').split(',').filter((scope) => scope !== '');
  const unknown = wanted.filter((scope) => !world.app.scopes.has(scope));
  if (unknown.length > 0) return sendText(response, 400, `Invalid permissions requested: ${unknown.join(', ')}`);
  const code = randomHex(12);
  const user = world.data.people.find(({ deleted, kind = 'member' }) => !deleted && kind === 'member')?.id ?? '';
  world.codes.set(code, { user, redirectUri, used: false });
  world.later(codeLifetimeMs, () => world.codes.delete(code));
  const target = new URL(redirectUri);
  target.searchParams.set('code', code);
  if (asked['state'] !== undefined) target.searchParams.set('state', asked['state']);
  response.writeHead(302, { location: target.href }).end();
}
