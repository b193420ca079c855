import { z } from 'zod';
import { refuse } from '../refusal.ts';
import { uninstall } from '../installation.ts';
import { flag, method, type Method, text } from './method.ts';

const access = method({
  token: 'none',
  tier: 4,
  args: z.object({
    code: text,
    grant_type: text,
    refresh_token: text,
    client_id: text,
    client_secret: text,
    redirect_uri: text,
  }),
  run(world, args) {
    const { client } = world;
    if (args.client_id !== client.id) refuse('invalid_client_id');
    if (args.client_secret !== client.secret) refuse('bad_client_secret');
    const grant = args.grant_type ?? 'authorization_code';
    if (grant === 'refresh_token') refuse('invalid_refresh_token');
    if (grant !== 'authorization_code') refuse('invalid_grant_type');
    const code = world.codes.get(args.code ?? '') ?? refuse('invalid_code');
    if (code.used) refuse('code_already_used');
    const redirectUri = args.redirect_uri ?? (code.isNamed ? undefined : code.redirectUri);
    if (redirectUri !== code.redirectUri) refuse('bad_redirect_uri');
    code.used = true;
    world.installed = true;
    return {
      access_token: world.tokens.bot,
      token_type: 'bot',
      scope: [...world.app.scopes].join(','),
      bot_user_id: world.app.botUserId,
      app_id: world.app.id,
      team: { id: world.team.id, name: world.team.name },
      enterprise: null,
      authed_user: { id: code.user },
      is_enterprise_install: false,
    };
  },
});

const revoke = method({
  tier: 3,
  args: z.object({ test: flag }),
  run(world, args) {
    if (args.test) return { revoked: false };
    uninstall(world);
    return { revoked: true };
  },
});

const leave = method({
  tier: 1,
  args: z.object({ client_id: z.string(), client_secret: z.string() }),
  run(world, args) {
    if (args.client_id !== world.client.id) refuse('invalid_client_id');
    if (args.client_secret !== world.client.secret) refuse('bad_client_secret');
    uninstall(world);
    return {};
  },
});

export const oauth: Record<string, Method> = {
  'oauth.v2.access': access,
  'auth.revoke': revoke,
  'apps.uninstall': leave,
};
