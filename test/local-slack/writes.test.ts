import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import type { Write } from '../../src/local-slack/world.ts';
import { client, modal, plain, refusal, socketApp, workspace } from './workspace.ts';

let slack: LocalSlack;
let app: App;
let writes: Write[];
const told = () => writes.map(({ method, kind, refused }) => [method, kind, refused ? 'refused' : 'taken']);

beforeEach(async () => {
  writes = [];
  slack = await workspace({ onWrite: (write) => writes.push(write) });
  app = await socketApp(slack);
});
afterEach(async () => {
  await app.stop();
  await slack.close();
});

const section = { type: 'section' as const, text: plain('Hello') };
const bad = [{ type: 'header' as const, text: plain('x'.repeat(200)) }];

test('whoever listens is told of messages, edits and what only one person sees', async () => {
  const web = client(slack);
  const posted = await web.chat.postMessage({ channel: 'C1', text: 'Hello', blocks: [section] });
  await web.chat.update({ channel: 'C1', ts: posted.ts ?? '', text: 'Hello again' });
  await web.chat.postEphemeral({ channel: 'C1', user: 'U1', text: 'Psst' });
  expect(told()).toEqual([
    ['chat.postMessage', 'message', 'taken'],
    ['chat.update', 'message', 'taken'],
    ['chat.postEphemeral', 'ephemeral', 'taken'],
  ]);
  expect(writes[0]?.given).toMatchObject({ text: 'Hello', blocks: [section] });
  expect(writes[0]?.kept).toMatchObject({ text: 'Hello', blocks: [{ block_id: expect.any(String) }] });
  expect(writes[0]?.workspace.people).toContainEqual(expect.objectContaining({ realName: 'Ana Lind' }));
});

test('what is refused is told with the reasons and as it was given', async () => {
  await refusal(client(slack).chat.postMessage({ channel: 'C1', text: 'Hello', blocks: bad }));
  expect(told()).toEqual([['chat.postMessage', 'message', 'refused']]);
  expect(writes[0]).toMatchObject({ given: { blocks: bad }, refused: { error: 'invalid_blocks' } });
  expect(writes[0]?.kept).toBeUndefined();
});

test('answers, modals and Home are told of, refused ones too', async () => {
  app.command('/try', async ({ ack, body, respond, client: web }) => {
    await ack();
    await respond({ text: 'Only you' });
    await respond({ text: 'Everybody', response_type: 'in_channel' });
    await web.views.open({ trigger_id: body.trigger_id, view: modal('One') });
  });
  const ana = slack.as('U1');
  await ana.command('/try');
  const web = client(slack);
  await web.views.publish({ user_id: 'U1', view: { type: 'home', blocks: [section] } });
  await refusal(web.views.publish({ user_id: 'U1', view: { type: 'home', blocks: bad } }));
  expect(told()).toEqual([
    ['response_url', 'ephemeral', 'taken'],
    ['response_url', 'message', 'taken'],
    ['views.open', 'modal', 'taken'],
    ['views.publish', 'home', 'taken'],
    ['views.publish', 'home', 'refused'],
  ]);
});

test('the pictures of a message come along', async () => {
  const web = client(slack);
  const bytes = new Uint8Array([137, 80, 78, 71]);
  const place = await web.files.getUploadURLExternal({ filename: 'a.png', length: bytes.length });
  await fetch(place.upload_url ?? '', { method: 'POST', body: bytes });
  const id = place.file_id ?? '';
  await web.files.completeUploadExternal({ files: [{ id }] });
  const image = { type: 'image' as const, slack_file: { id }, alt_text: 'A' };
  await web.chat.postMessage({ channel: 'C1', text: 'A', blocks: [image] });
  expect(writes[0]?.pictures).toEqual({ [id]: `data:image/png;base64,${Buffer.from(bytes).toString('base64')}` });
});
