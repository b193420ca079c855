import { z } from 'zod';
import { givenProblems } from '../blocks/given.ts';
import { joinedByBot, visibleToBot } from '../channels.ts';
import { emit } from '../events.ts';
import { newId, randomHex, seconds } from '../ids.ts';
import { messageAt } from '../messages.ts';
import { viewersOf } from '../posting.ts';
import { refuse, refuseArguments } from '../refusal.ts';
import { changed, type World } from '../world.ts';
import { json, method, type Method, text } from './method.ts';

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

const addReaction = method({
  scopes: ['reactions:write'],
  tier: 3,
  args: z.object({ channel: z.string(), timestamp: z.string(), name: z.string() }),
  run(world, args) {
    if (!/^[a-z0-9_+'-]+(::skin-tone-\d)?$/.test(args.name)) refuse('invalid_name');
    const channel = joinedByBot(world, args.channel);
    const message = messageAt(channel, args.timestamp);
    const reaction = message.reactions.find(({ name }) => name === args.name);
    const bot = world.app.botUserId;
    if (reaction?.users.includes(bot)) refuse('already_reacted');
    if (reaction) reaction.users.push(bot);
    else message.reactions.push({ name: args.name, users: [bot] });
    changed(world, viewersOf(channel));
    const item = { type: 'message', channel: channel.id, ts: message.ts };
    void emit(world, 'reaction_added', {
      type: 'reaction_added',
      user: bot,
      reaction: args.name,
      item,
      item_user: message.user,
    });
    return {};
  },
});

const addPin = method({
  scopes: ['pins:write'],
  tier: 2,
  args: z.object({ channel: z.string(), timestamp: z.string() }),
  run(world, args) {
    const channel = joinedByBot(world, args.channel);
    const message = messageAt(channel, args.timestamp);
    if (message.pinned) refuse('already_pinned');
    message.pinned = true;
    changed(world, viewersOf(channel));
    return {};
  },
});

const addBookmark = method({
  scopes: ['bookmarks:write'],
  tier: 2,
  args: z.object({ channel_id: z.string(), title: z.string(), type: z.string(), link: text, emoji: text }),
  run(world, args) {
    const channel = visibleToBot(world, args.channel_id);
    if (channel.archived) refuse('is_archived');
    if (args.type !== 'link') refuse('invalid_bookmark_type');
    if (!args.link || !URL.canParse(args.link)) refuse('invalid_link');
    const bookmark = { id: newId(world, 'Bk'), ...args, date_created: seconds(world), rank: 'U', app_id: world.app.id };
    channel.bookmarks.push(bookmark);
    changed(world, viewersOf(channel));
    return { bookmark };
  },
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
  'reactions.add': addReaction,
  'pins.add': addPin,
  'bookmarks.add': addBookmark,
  'blocks.validate': validateBlocks,
};
