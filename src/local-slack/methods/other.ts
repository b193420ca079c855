import { z } from 'zod';
import { givenProblems } from '../blocks/given.ts';
import { randomHex } from '../ids.ts';
import { refuse, refuseArguments } from '../refusal.ts';
import type { World } from '../world.ts';
import { json, method, type Method } from './method.ts';

function link(world: World): string {
  return `https://${world.team.domain}.slack.com/`;
}

const authTest = method({
  tier: 'special',
  args: z.object({}),
  run: (world) => ({
    url: link(world),
    team: world.team.name,
    user: world.app.botName,
    team_id: world.team.id,
    user_id: world.app.botUserId,
    bot_id: world.app.botId,
    is_enterprise_install: false,
  }),
});

const openConnection = method({
  token: 'app',
  tier: 1,
  args: z.object({}),
  run(world) {
    const ticket = randomHex(16);
    world.tickets.set(ticket, Date.now());
    return { url: `${world.url.replace('http', 'ws')}/socket?ticket=${ticket}&app_id=${world.app.id}` };
  },
});

const teamInfo = method({
  scopes: ['team:read'],
  tier: 3,
  args: z.object({}),
  run: (world) => ({ team: { ...world.team, email_domain: '', icon: { image_default: true }, url: link(world) } }),
});

const validateBlocks = method({
  token: 'none',
  tier: 3,
  args: z.object({ blocks: json, message: json, view: json }),
  run(_world, args) {
    const given = Object.entries(args).filter(([, value]) => value !== undefined);
    const [only] = given;
    if (!only || given.length > 1) return refuseArguments(['must provide exactly one of: blocks, message, view']);
    const [kind, value] = only;
    const problems = givenProblems(kind, value);
    return problems.length === 0 ? {} : refuse(`invalid_${kind}`, { errors: problems });
  },
});

export const other: Record<string, Method> = {
  'auth.test': authTest,
  'apps.connections.open': openConnection,
  'team.info': teamInfo,
  'blocks.validate': validateBlocks,
};
