import { setTimeout as sleep } from 'node:timers/promises';
import { WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Log, Reply, SlackApi, TextFile } from '../ports.ts';
import type { Message } from '../slack/blocks.ts';
import { clip } from '../slack/limits.ts';
import { slackLogger } from './slack-logger.ts';
import { canvasIn, eventType, findChannel, findOurs, findPerson, Me, readOne } from './slack-lookups.ts';

const timeout = 10_000;

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

const pausesMs = [500, 2000];

/** A start is worth a second and a third try: the network may come up together with us. */
async function patiently<T>(call: () => Promise<Reply<T>>): Promise<Reply<T>> {
  for (const pause of pausesMs) {
    const reply = await call();
    if (reply.ok || reply.why === 'refused') return reply;
    await sleep(pause);
  }
  return await call();
}

/** Who we are there. Throws a sentence that says what is wrong with the token. */
export async function identify(client: WebClient): Promise<{ workspace: string; name: string; botUser: string }> {
  const me = await patiently(() => ask(async () => Me.parse(await client.auth.test())));
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
    find: (where) => ask(() => asMember(client, where.channel, async () => findOurs(client, await whoAmI(), where))),
    openDm: (user) =>
      ask(async () => ({ channel: Opened.parse(await client.conversations.open({ users: user })).channel.id })),
    upload: (file) => ask(() => upload(client, file)),
    sendFiles: (to) => ask(() => sendFiles(client, to)),
    person: (id) => ask(async () => findPerson(client, await whoAmI(), id)),
    groupMembers: (group) =>
      ask(async () => ({ people: Group.parse(await client.usergroups.users.list({ usergroup: group })).users })),
    createChannel: (name, { isPrivate }) =>
      ask(async () => ({
        channel: Opened.parse(await client.conversations.create({ name, is_private: isPrivate })).channel.id,
      })),
    findChannel: (name) => ask(async () => findChannel(client, await whoAmI(), name)),
    joinChannel: (channel) => ask(() => client.conversations.join({ channel })),
    archive: (channel) => orDone('already_archived', () => client.conversations.archive({ channel })),
    unarchive: (channel) => orDone('not_archived', () => client.conversations.unarchive({ channel })),
    setTopic: (channel, topic) => ask(() => client.conversations.setTopic({ channel, topic })),
    invite: (channel, users) => ask(() => client.conversations.invite({ channel, users: users.join(',') })),
    read: (channel, ts) => ask(() => readOne(client, channel, ts)),
    pin: (channel, ts) => orDone('already_pinned', () => client.pins.add({ channel, timestamp: ts })),
    bookmark: (channel, title, { channel: where, ts }) =>
      ask(async () => {
        const { bookmarks } = Bookmarks.parse(await client.bookmarks.list({ channel_id: channel }));
        if (bookmarks.some((each) => each.title === title)) return {};
        const { permalink: link } = Permalink.parse(await client.chat.getPermalink({ channel: where, message_ts: ts }));
        return await client.bookmarks.add({ channel_id: channel, title, type: 'link', link });
      }),
    canvasIn: (channel, heading) => ask(() => canvasIn(client, channel, heading)),
    createCanvas: ({ channel, place, title, markdown }) =>
      ask(async () => {
        const canvas = { channel_id: channel, title, document_content: { type: 'markdown', markdown } as const };
        const made = await (place === 'channel'
          ? client.conversations.canvases.create(canvas)
          : client.canvases.create(canvas));
        return { canvas: Canvas.parse(made).canvas_id };
      }),
    writeCanvas: (canvas, markdown) =>
      ask(() =>
        client.canvases.edit({
          canvas_id: canvas,
          changes: [{ operation: 'replace', document_content: { type: 'markdown', markdown } }],
        }),
      ),
    openView: (triggerId, view) => ask(() => client.views.open({ trigger_id: triggerId, view })),
    publishHome: (user, view) => ask(() => client.views.publish({ user_id: user, view })),
    tell: ({ channel, user, message }) => ask(() => client.chat.postEphemeral({ channel, user, ...content(message) })),
  };
}

/** What is so already is as good as done. */
async function orDone(code: string, call: () => Promise<object>): Promise<Reply<object>> {
  const reply = await ask(call);
  return !reply.ok && reply.why === 'refused' && reply.code === code ? { ok: true, value: {} } : reply;
}

/** Posting needs no membership in a public channel, reading does: so we join when we have to look. */
async function asMember<T>(client: WebClient, channel: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError) || error.data.error !== 'not_in_channel') throw error;
    await client.conversations.join({ channel });
    return await read();
  }
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

function marked(marker: string) {
  return { metadata: { event_type: eventType, event_payload: { key: marker } } };
}

const Bookmarks = z.object({ bookmarks: z.array(z.object({ title: z.string() })).default([]) });
const Canvas = z.object({ canvas_id: z.string() });
const Permalink = z.object({ permalink: z.url() });
const Group = z.object({ users: z.array(z.string()).default([]) });
const Opened = z.object({ channel: z.object({ id: z.string() }) });
const Upload = z.object({ upload_url: z.string(), file_id: z.string() });

/** Shared nowhere: a block that names the file shows it. */
async function upload(client: WebClient, { name, alt, bytes }: { name: string; alt: string; bytes: Uint8Array }) {
  // Slack calls it alt_txt; the typed method of web-api 8.2 sends alt_text, which is not an argument there.
  const file = await put(client, { filename: name, alt_txt: clip(alt, 1000) }, bytes);
  await client.files.completeUploadExternal({ files: [{ id: file, title: name }] });
  return { file };
}

/** The bytes only: nobody sees them before the upload is completed. */
async function put(client: WebClient, about: { filename: string; alt_txt?: string }, bytes: Uint8Array) {
  const place = Upload.parse(await client.apiCall('files.getUploadURLExternal', { ...about, length: bytes.length }));
  const body = new Blob([Uint8Array.from(bytes)]);
  const sent = await fetch(place.upload_url, {
    method: 'POST',
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  });
  if (!sent.ok) throw new Error(`the upload was answered with ${sent.status}`);
  return place.file_id;
}

/** All in one message, or none of them. */
async function sendFiles(client: WebClient, to: { user: string; words: string; files: readonly TextFile[] }) {
  const { channel } = Opened.parse(await client.conversations.open({ users: to.user }));
  const files: { id: string; title: string }[] = [];
  for (const { name, title, text } of to.files)
    files.push({ id: await put(client, { filename: name }, new TextEncoder().encode(text)), title });
  const [first, ...others] = files;
  if (!first) return {};
  return await client.files.completeUploadExternal({
    files: [first, ...others],
    channel_id: channel.id,
    initial_comment: to.words,
  });
}
