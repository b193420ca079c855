import type { ConversationsHistoryArguments, WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { ChannelCanvas, SlackPerson, Standing } from '../ports.ts';

export const eventType = 'pitcrew_message';
const mostPages = 5;

export const Me = z.object({
  team_id: z.string(),
  team: z.string().default(''),
  user_id: z.string(),
  bot_id: z.string().optional(),
});
export type Me = z.infer<typeof Me>;

const Page = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        user: z.string().optional(),
        bot_id: z.string().optional(),
        metadata: z
          .object({ event_type: z.string(), event_payload: z.object({ key: z.string() }) })
          .optional()
          .catch(undefined),
      }),
    )
    .default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** Looked for before anything is posted a second time. */
export async function findOurs(
  client: WebClient,
  me: Me,
  where: { channel: string; threadTs?: string; marker: string; since: Date },
): Promise<{ ts?: string }> {
  let cursor = '';
  for (let page = 0; page < mostPages; page += 1) {
    const asked: ConversationsHistoryArguments = {
      channel: where.channel,
      // Slack's clock and ours need not agree to the second.
      oldest: String((where.since.getTime() - 5000) / 1000),
      include_all_metadata: true,
      limit: 200,
      ...(cursor && { cursor }),
    };
    const { threadTs } = where;
    const answer = threadTs
      ? await client.conversations.replies({ ...asked, ts: threadTs })
      : await client.conversations.history(asked);
    const { messages, response_metadata: next } = Page.parse(answer);
    const found = messages.find(
      (each) =>
        (each.user === me.user_id || (me.bot_id !== undefined && each.bot_id === me.bot_id)) &&
        each.metadata?.event_type === eventType &&
        each.metadata.event_payload.key === where.marker,
    );
    if (found) return { ts: found.ts };
    cursor = next?.next_cursor ?? '';
    if (!cursor) return {};
  }
  throw new Error(`the last ${mostPages} pages do not show the message, and there are more`);
}

const Someone = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    name: z.string().default(''),
    real_name: z.string().optional(),
    tz: z.string().nullish(),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
    profile: z.object({ display_name: z.string().optional(), real_name: z.string().optional() }).optional(),
  }),
});
type Someone = z.infer<typeof Someone>['user'];

export async function findPerson(client: WebClient, me: Me, id: string): Promise<SlackPerson> {
  const { user } = Someone.parse(await client.users.info({ user: id }));
  const { profile } = user;
  return {
    id: user.id,
    name: profile?.display_name || profile?.real_name || user.real_name || user.name,
    zone: user.tz ?? undefined,
    standing: standingOf(user, me.team_id),
  };
}

function standingOf(user: Someone, team: string): Standing {
  if (user.deleted) return 'deactivated';
  if (user.is_bot || user.id === 'USLACKBOT') return 'bot';
  if (user.is_stranger || (user.team_id !== undefined && user.team_id !== team)) return 'foreign';
  if (user.is_restricted || user.is_ultra_restricted) return 'guest';
  return 'member';
}

const Channels = z.object({
  channels: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        creator: z.string().optional(),
        is_archived: z.boolean().default(false),
      }),
    )
    .default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** `mine`: made by us, for instance by a call whose answer was lost, and not archived since. */
export async function findChannel(
  client: WebClient,
  me: Me,
  name: string,
): Promise<{ channel?: string; mine: boolean }> {
  let cursor = '';
  for (let page = 0; page < mostPages * 4; page += 1) {
    const answer = await client.conversations.list({
      types: 'public_channel,private_channel',
      limit: 200,
      ...(cursor && { cursor }),
    });
    const { channels, response_metadata: next } = Channels.parse(answer);
    const found = channels.find((channel) => channel.name === name);
    if (found) return { channel: found.id, mine: found.creator === me.user_id && !found.is_archived };
    cursor = next?.next_cursor ?? '';
    if (!cursor) break;
  }
  return { mine: false };
}

const Said = z.object({
  messages: z
    .array(z.object({ ts: z.string(), text: z.string().default(''), user: z.string().default('') }))
    .default([]),
});

/** History knows no replies of threads, and gives the nearest message where there is none: only the same ts will do. */
export async function readOne(
  client: WebClient,
  channel: string,
  ts: string,
): Promise<{ said?: { text: string; author: string } }> {
  const answer = await client.conversations
    .replies({ channel, ts, oldest: ts, latest: ts, inclusive: true, limit: 2 })
    .catch((error: unknown) => {
      if (error instanceof Error && error.message.includes('thread_not_found')) return { messages: [] };
      throw error;
    });
  const found = Said.parse(answer).messages.find((each) => each.ts === ts);
  return found ? { said: { text: found.text, author: found.user } } : {};
}

const WithCanvas = z.object({
  channel: z.object({
    is_private: z.boolean().default(false),
    properties: z
      .object({ canvas: z.object({ file_id: z.string(), is_empty: z.boolean().default(false) }).optional() })
      .optional(),
  }),
});
const Sections = z.object({ sections: z.array(z.object({ id: z.string() })).default([]) });

/** Looked for before one is made, so that a lost answer makes no second one, and nothing that people wrote is replaced. */
export async function canvasIn(client: WebClient, channel: string, heading: string): Promise<ChannelCanvas> {
  const { channel: found } = WithCanvas.parse(await client.conversations.info({ channel }));
  const canvas = found.properties?.canvas;
  const isPrivate = found.is_private;
  if (!canvas) return { mine: false, isPrivate };
  if (canvas.is_empty) return { canvas: canvas.file_id, mine: true, isPrivate };
  const { sections } = Sections.parse(
    await client.canvases.sections.lookup({
      canvas_id: canvas.file_id,
      criteria: { section_types: ['h1'], contains_text: heading },
    }),
  );
  return { canvas: canvas.file_id, mine: sections.length > 0, isPrivate };
}
