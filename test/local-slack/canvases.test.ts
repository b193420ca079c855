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

const said = (markdown: string) => ({ type: 'markdown' as const, markdown });
const written = said('# Post-mortem\n\nIt was slow.\n\n## Timeline\n```\n09:00\n\n09:30\n```');

async function canvas(): Promise<string> {
  const made = await web.conversations.canvases.create({ channel_id: 'C1', title: 'INC-1', document_content: written });
  return String(made['canvas_id']);
}

/** What stands in it, as somebody reads who opens the file. */
async function markdown(id: string): Promise<string> {
  return (await fetch(`${slack.url}/files/${id}`)).text();
}

async function section(id: string, contains_text: string): Promise<string> {
  const { sections } = await web.canvases.sections.lookup({ canvas_id: id, criteria: { contains_text } });
  return sections?.[0]?.id ?? '';
}

test('a canvas holds Markdown, on its own or as the one of a channel', async () => {
  const alone = await web.canvases.create({ title: 'Notes', document_content: said('Hello') });
  expect(await markdown(String(alone.canvas_id))).toBe('Hello');
  const id = await canvas();
  expect(await web.conversations.info({ channel: 'C1' })).toMatchObject({
    channel: { properties: { canvas: { file_id: id } } },
  });
  expect(await refusal(web.conversations.canvases.create({ channel_id: 'C1' }))).toMatchObject({
    error: 'channel_canvas_already_exists',
  });
});

test('it is refused when it is too long or nowhere', async () => {
  const long = said('x'.repeat(1024 * 1024 + 1));
  expect(await refusal(web.canvases.create({ document_content: long }))).toMatchObject({
    error: 'canvas_creation_failed',
  });
  expect(await refusal(web.conversations.canvases.create({ channel_id: 'C2' }))).toMatchObject({
    error: 'not_in_channel',
  });
});

test('people in the channel see it, others do not', async () => {
  await canvas();
  const seen = async (user: string) => {
    const state: unknown = await (await fetch(`${slack.url}/page/state?user=${user}`)).json();
    return state;
  };
  const shown = { channels: expect.arrayContaining([expect.objectContaining({ canvas: expect.anything() })]) };
  expect(await seen('U2')).toMatchObject(shown);
  expect(await seen('U3')).not.toMatchObject(shown);
});

test('its sections are found by their heading and by what they say', async () => {
  const id = await canvas();
  const found = async (criteria: object) =>
    (await web.canvases.sections.lookup({ canvas_id: id, criteria: criteria as never })).sections?.length;
  expect(await found({ section_types: ['any_header'] })).toBe(2);
  expect(await found({ section_types: ['h2'] })).toBe(1);
  expect(await found({ section_types: ['h2'], contains_text: 'mortem' })).toBe(0);
  expect(await found({ contains_text: '09:30' })).toBe(1);
  expect(await refusal(found({}))).toMatchObject({ error: 'invalid_arguments' });
  expect(
    await refusal(web.canvases.sections.lookup({ canvas_id: 'F9', criteria: { contains_text: 'x' } })),
  ).toMatchObject({ error: 'canvas_not_found' });
});

test('it is changed one change at a time', async () => {
  const id = await canvas();
  const change = (one: object) => web.canvases.edit({ canvas_id: id, changes: [one as never] });
  await change({ operation: 'replace', section_id: await section(id, 'slow'), document_content: said('It stopped.') });
  await change({
    operation: 'insert_after',
    section_id: await section(id, 'stopped'),
    document_content: said('Then ran.'),
  });
  await change({
    operation: 'insert_before',
    section_id: await section(id, 'stopped'),
    document_content: said('First'),
  });
  await change({ operation: 'delete', section_id: await section(id, '09:30') });
  await change({ operation: 'insert_at_start', document_content: said('Draft') });
  await change({ operation: 'insert_at_end', document_content: said('End') });
  const now = ['Draft', '# Post-mortem', 'First', 'It stopped.', 'Then ran.', '## Timeline', 'End'].join('\n\n');
  expect(await markdown(id)).toBe(now);
  await change({ operation: 'rename', title_content: said('INC-1, done') });
  expect(await web.files.info({ file: id })).toMatchObject({ file: { title: 'INC-1, done' } });
  await change({ operation: 'replace', document_content: said('Gone') });
  expect(await markdown(id)).toBe('Gone');
});

test('two changes at once, and changes of what is not there, are refused', async () => {
  const id = await canvas();
  const end = { operation: 'insert_at_end' as const, document_content: said('x') };
  expect(await refusal(web.canvases.edit({ canvas_id: id, changes: [end, end] }))).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: { messages: ['[ERROR] no more than 1 items allowed [json-pointer:/changes]'] },
  });
  const lost = { operation: 'delete' as const, section_id: 'temp:C:0' };
  expect(await refusal(web.canvases.edit({ canvas_id: id, changes: [lost] }))).toMatchObject({
    error: 'canvas_editing_failed',
  });
  expect(await refusal(web.canvases.edit({ canvas_id: 'F9', changes: [end] }))).toMatchObject({
    error: 'canvas_not_found',
  });
});

test('once deleted it is gone, and the channel may have another', async () => {
  const id = await canvas();
  await web.canvases.delete({ canvas_id: id });
  expect(await refusal(web.canvases.delete({ canvas_id: id }))).toMatchObject({ error: 'canvas_not_found' });
  expect(
    await refusal(web.canvases.sections.lookup({ canvas_id: id, criteria: { contains_text: 'x' } })),
  ).toMatchObject({ error: 'canvas_deleted' });
  expect(await canvas()).not.toBe(id);
});
