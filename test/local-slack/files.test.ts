import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WebClient } from '@slack/web-api';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, refusal, workspace } from './workspace.ts';

let slack: LocalSlack;
let web: WebClient;
beforeEach(async () => {
  slack = await workspace({ rateLimits: false });
  web = client(slack);
});
afterEach(() => slack.close());

async function uploaded(filename: string, content: string, more: object = {}): Promise<string> {
  const asked = { filename, length: Buffer.byteLength(content), ...more };
  const { upload_url: url = '', file_id: id = '' } = await web.files.getUploadURLExternal(asked);
  await fetch(url, { method: 'POST', body: content });
  return id;
}

test('a file says where it is shared, and a snippet what it says', async () => {
  const id = await uploaded('train.py', 'print(1)', { snippet_type: 'python' });
  await web.files.completeUploadExternal({ files: [{ id, title: 'Training' }], channel_id: 'C1' });
  expect(await web.files.info({ file: id })).toMatchObject({
    file: { title: 'Training', mode: 'snippet', filetype: 'python', channels: ['C1'], groups: [], ims: [] },
    content: 'print(1)',
  });
});

test('a deleted file is gone from its message', async () => {
  const id = await uploaded('a.csv', 'a,b');
  await web.files.completeUploadExternal({ files: [{ id }], channel_id: 'C1', initial_comment: 'Numbers' });
  await web.files.delete({ file: id });
  expect(slack.as('U1').channel('general').at(-1)).toBe('Numbers');
  expect((await fetch(`${slack.url}/files/${id}`)).status).toBe(404);
  const { messages } = await web.conversations.history({ channel: 'C1' });
  expect(messages?.[0]?.files).toEqual([{ id, mode: 'tombstone' }]);
  expect(await refusal(web.files.info({ file: id }))).toMatchObject({ error: 'file_deleted' });
  expect(await refusal(web.files.delete({ file: id }))).toMatchObject({ error: 'file_deleted' });
});

test("a canvas and other people's files are not deleted this way", async () => {
  const { canvas_id: id = '' } = await web.canvases.create({ title: 'Notes' });
  expect(await refusal(web.files.delete({ file: id }))).toMatchObject({ error: 'delete_not_allowed' });
  const answer = await fetch(`${slack.url}/page/upload?name=mine.txt&user=U1`, { method: 'POST', body: 'mine' });
  const { id: mine } = (await answer.json()) as { id: string };
  expect(await refusal(web.files.delete({ file: mine }))).toMatchObject({ error: 'cant_delete_file' });
});

test.each([
  [{ length: 0 }, 'missing_argument'],
  [{ length: 1024 ** 3 + 1 }, 'file_upload_size_restricted'],
  [{ snippet_type: 'klingon' }, 'unknown_snippet_type'],
  [{ snippet_type: 'python', length: 1024 ** 2 + 1 }, 'snippet_too_large'],
  [{ alt_txt: 'x'.repeat(1001) }, 'alt_txt_too_large'],
])('an upload with %o is refused', async (wrong, error) => {
  expect(await refusal(web.files.getUploadURLExternal({ filename: 'x.txt', length: 4, ...wrong }))).toMatchObject({
    error,
  });
});

test('fewer bytes than were announced are not taken', async () => {
  const { upload_url: url = '', file_id: id = '' } = await web.files.getUploadURLExternal({ filename: 'x', length: 9 });
  expect((await fetch(url, { method: 'POST', body: 'short' })).status).toBe(400);
  expect(await refusal(web.files.completeUploadExternal({ files: [{ id }] }))).toMatchObject({
    error: 'file_not_found',
  });
  expect(await refusal(web.files.info({ file: id }))).toMatchObject({ error: 'file_not_found' });
});

test.each([
  [{ channel_id: 'C2' }, 'not_in_channel'],
  [{ channel_id: 'C9' }, 'channel_not_found'],
  [{ channels: Array.from({ length: 101 }, () => 'C1').join(',') }, 'channels_limit_exceeded'],
  [{ channel_id: 'C1', thread_ts: '1.000001' }, 'thread_not_found'],
  [{ channel_id: 'C1', blocks: [{ type: 'header' }] }, 'invalid_blocks'],
])('sharing with %o is refused, and the file may still be shared properly', async (wrong, error) => {
  const id = await uploaded('a.csv', 'a,b');
  const refused = web.files.completeUploadExternal({ files: [{ id }], ...wrong } as never);
  expect(await refusal(refused)).toMatchObject({ error });
  expect(await web.files.completeUploadExternal({ files: [{ id }], channel_id: 'C1' })).toMatchObject({ ok: true });
});
