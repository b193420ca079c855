import {
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
  type ConversationsHistoryArguments,
} from '@slack/web-api';
import { z } from 'zod';
import type { Log, Reply, SlackApi, SlackPerson, Standing } from '../ports.ts';
import type { Message } from '../slack/blocks.ts';
import { clip } from '../slack/limits.ts';
import { slackLogger } from './slack-logger.ts';

const timeout = 10_000;
const mostPages = 5;

/** Its own options every time: WebClient writes into shared `headers`, and a second client would get the first one's token. */
export function clientOptions(slackApiUrl: string | undefined, log: Log) {
  return {
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: slackLogger(log),
    ...(slackApiUrl && { slackApiUrl }),
  };
}

export function slackClient(to: { token: string; slackApiUrl?: string | undefined; log: Log }): WebClient {
  return new WebClient(to.token, clientOptions(to.slackApiUrl, to.log));
}

const Me = z.object({
  team_id: z.string(),
  team: z.string().default(''),
  user_id: z.string(),
  bot_id: z.string().optional(),
});
type Me = z.infer<typeof Me>;

/** Who we are there. Throws a sentence that says what is wrong with the token. */
export async function identify(client: WebClient): Promise<{ workspace: string; name: string; botUser: string }> {
  const me = await ask(async () => Me.parse(await client.auth.test()));
  if (me.ok) return { workspace: me.value.team_id, name: me.value.team, botUser: me.value.user_id };
  if (me.why === 'refused') {
    throw new Error(
      `Slack refuses SLACK_BOT_TOKEN (${me.code}): take a fresh one from OAuth & Permissions of your app.`,
    );
  }
  throw new Error(
    `Slack did not answer (${me.why === 'unclear' ? me.detail : 'rate limited'}): is ${client.slackApiUrl} reachable?`,
  );
}

/** Slack says these when it may have done part of it. */
const unclearCodes = new Set(['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout']);

export async function ask<T>(call: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    if (error instanceof WebAPIRateLimitedError) {
      return { ok: false, why: 'rate_limited', retryAfterMs: error.retryAfter * 1000 };
    }
    if (error instanceof WebAPIPlatformError && !unclearCodes.has(error.data.error)) {
      return { ok: false, why: 'refused', code: error.data.error };
    }
    return { ok: false, why: 'unclear', detail: error instanceof Error ? error.message : String(error) };
  }
}

export function slackApi(client: WebClient): SlackApi {
  const whoAmI = remembered(async () => Me.parse(await client.auth.test()));
  return {
    post: ({ channel, threadTs, message, marker }) =>
      ask(async () => {
        const thread = threadTs ? { thread_ts: threadTs } : {};
        const posted = await client.chat.postMessage({
          channel,
          ...thread,
          ...content(message),
          ...marked(marker),
          ...quiet,
        });
        return z.object({ ts: z.string() }).parse(posted);
      }),
    update: ({ channel, ts, message, marker }) =>
      ask(() => client.chat.update({ channel, ts, ...content(message), ...marked(marker), ...quiet })),
    find: (where) => ask(async () => findOurs(client, await whoAmI(), where)),
    openDm: (user) =>
      ask(async () => ({ channel: Opened.parse(await client.conversations.open({ users: user })).channel.id })),
    upload: (file) => ask(() => upload(client, file)),
    person: (id) =>
      ask(async () => personFrom(Someone.parse(await client.users.info({ user: id })).user, (await whoAmI()).team_id)),
    createChannel: (name) =>
      ask(async () => ({ channel: Opened.parse(await client.conversations.create({ name })).channel.id })),
    findChannel: (name) => ask(async () => findChannel(client, await whoAmI(), name)),
    setTopic: (channel, topic) => ask(() => client.conversations.setTopic({ channel, topic })),
    invite: (channel, users) => ask(() => client.conversations.invite({ channel, users: users.join(',') })),
    openView: (triggerId, view) => ask(() => client.views.open({ trigger_id: triggerId, view })),
    publishHome: (user, view) => ask(() => client.views.publish({ user_id: user, view })),
    tell: ({ channel, user, message }) => ask(() => client.chat.postEphemeral({ channel, user, ...content(message) })),
  };
}

/** Asked once; a failure is not remembered. */
function remembered<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

/** Empty blocks mean "no blocks", which Slack wants left out when posting. */
function content({ text, blocks }: Message) {
  return blocks.length > 0 ? { text, blocks: [...blocks] } : { text };
}

const quiet = { unfurl_links: false, unfurl_media: false };
const eventType = 'pitcrew_message';

function marked(marker: string) {
  return { metadata: { event_type: eventType, event_payload: { key: marker } } };
}

const Opened = z.object({ channel: z.object({ id: z.string() }) });
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

async function findOurs(
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

const Upload = z.object({ upload_url: z.string(), file_id: z.string() });

/** Shared nowhere: a block that names the file shows it. */
async function upload(client: WebClient, { name, alt, bytes }: { name: string; alt: string; bytes: Uint8Array }) {
  // Slack calls it alt_txt; the typed method of web-api 8.2 sends alt_text, which is not an argument there.
  const about = { filename: name, length: bytes.length, alt_txt: clip(alt, 1000) };
  const place = Upload.parse(await client.apiCall('files.getUploadURLExternal', about));
  const body = new Blob([Uint8Array.from(bytes)]);
  const sent = await fetch(place.upload_url, {
    method: 'POST',
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  });
  if (!sent.ok) throw new Error(`the upload was answered with ${sent.status}`);
  await client.files.completeUploadExternal({ files: [{ id: place.file_id, title: name }] });
  return { file: place.file_id };
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

function personFrom(user: Someone, team: string): SlackPerson {
  const { profile } = user;
  return {
    id: user.id,
    name: profile?.display_name || profile?.real_name || user.real_name || user.name,
    zone: user.tz ?? undefined,
    standing: standingOf(user, team),
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
  channels: z.array(z.object({ id: z.string(), name: z.string(), creator: z.string().optional() })).default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** `mine`: made by us, for instance by a call whose answer was lost. */
async function findChannel(client: WebClient, me: Me, name: string): Promise<{ channel?: string; mine: boolean }> {
  let cursor = '';
  for (let page = 0; page < mostPages * 4; page += 1) {
    const answer = await client.conversations.list({
      types: 'public_channel,private_channel',
      limit: 200,
      ...(cursor && { cursor }),
    });
    const { channels, response_metadata: next } = Channels.parse(answer);
    const found = channels.find((channel) => channel.name === name);
    if (found) return { channel: found.id, mine: found.creator === me.user_id };
    cursor = next?.next_cursor ?? '';
    if (!cursor) break;
  }
  return { mine: false };
}
