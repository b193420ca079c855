import type { IncomingMessage, ServerResponse } from 'node:http';
import { consentPage } from './consent.ts';
import type { Person } from './data.ts';
import { argumentsOf, sendText } from './http.ts';
import { randomHex } from './ids.ts';
import { textOf } from './json.ts';
import type { World } from './world.ts';

const codeLifetimeMs = 10 * 60_000;

interface Asked {
  redirectUri: string;
  scopes: string[];
  state: string | undefined;
}

/** Where to lead back to: an address of the manifest or one below it. */
function redirectOf(world: World, given: string | null): string | undefined {
  const known = world.app.redirectUrls;
  if (given === null) return known[0];
  return known.some((each) => given === each || given.startsWith(`${each.replace(/\/$/, '')}/`)) ? given : undefined;
}

/** What the address asks for, or Slack's word for what is wrong with it. */
function read(world: World, url: URL): Asked | string {
  const query = url.searchParams;
  if (query.get('client_id') !== world.client.id) return 'Invalid client_id parameter';
  const redirectUri = redirectOf(world, query.get('redirect_uri'));
  if (redirectUri === undefined) return 'redirect_uri did not match any configured URIs';
  const scopes = (query.get('scope') ?? '').split(',').filter((scope) => scope !== '');
  if (scopes.length === 0) return 'No scopes requested';
  const unknown = scopes.filter((scope) => !world.app.scopes.has(scope));
  if (unknown.length > 0) return `Invalid permissions requested: ${unknown.join(', ')}`;
  return { redirectUri, scopes, state: query.get('state') ?? undefined };
}

function installers(world: World): Person[] {
  return world.data.people.filter(({ deleted, kind = 'member' }) => !deleted && kind === 'member');
}

function leadBack(response: ServerResponse, asked: Asked, answer: Record<string, string>): void {
  const target = new URL(asked.redirectUri);
  for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value);
  if (asked.state !== undefined) target.searchParams.set('state', asked.state);
  response.writeHead(302, { location: target.href }).end();
}

/** What "Add to Slack" leads to: a person allows it or not, and is led back. */
export async function authorize(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const asked = read(world, url);
  if (typeof asked === 'string') return sendText(response, 400, asked);
  const people = installers(world);
  if (request.method !== 'POST') {
    return sendText(response, 200, consentPage(world, asked.scopes, people), 'text/html; charset=utf-8');
  }
  const { user, decision } = await argumentsOf(request, url);
  if (decision !== 'allow') return leadBack(response, asked, { error: 'access_denied' });
  if (!people.some(({ id }) => id === user)) return sendText(response, 400, 'There is no such person');
  const code = randomHex(12);
  const isNamed = url.searchParams.has('redirect_uri');
  world.codes.set(code, { user: textOf(user), redirectUri: asked.redirectUri, isNamed, used: false });
  world.later(codeLifetimeMs, () => world.codes.delete(code));
  leadBack(response, asked, { code });
}
