import type { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { samples } from './blockkit/samples.ts';
import { num, table } from './blockkit/table.ts';
import { client, plain, refusal, workspace } from './workspace.ts';

let slack: LocalSlack;
let web: WebClient;
beforeAll(async () => {
  slack = await workspace({ rateLimits: false });
  web = client(slack);
});
afterAll(() => slack.close());

const said = { channel: 'C1', text: 'x' };

describe('a message', () => {
  const most = (name: string) => num('surfaces', 'message', name);
  const letters = (size: number) => 'x'.repeat(size);
  const post = (more: object) => refusal(web.chat.postMessage({ channel: 'C1', text: 'x', ...more } as never));
  const error = async (call: Promise<unknown>) => Object(await call)['error'];
  const tableOf = (size: number) => ({ type: 'table', rows: [[{ type: 'raw_text', text: letters(size) }]] });

  it('has a text that is cut far beyond what is advised', async () => {
    const long = letters(most('textTruncatedAt') + 1);
    expect(most('textRecommendedMax')).toBeLessThan(long.length);
    const { message } = await web.chat.postMessage({ channel: 'C1', text: long });
    expect(message?.text).toHaveLength(most('textTruncatedAt'));
  });
  it('is edited to a text of a length', async () => {
    const { ts = '' } = await web.chat.postMessage(said);
    const edit = (size: number) => error(refusal(web.chat.update({ channel: 'C1', ts, text: letters(size) })));
    const max = most('chatUpdateTextMax');
    expect([await edit(max), await edit(max + 1)]).toEqual([undefined, 'msg_too_long']);
  });
  it('has Markdown of a length, and then nothing else', async () => {
    const markdown = (size: number, more: object = {}) =>
      error(post({ text: undefined, markdown_text: letters(size), ...more }));
    const max = most('markdownTextMax');
    expect([await markdown(max), await markdown(max + 1), await markdown(1, { text: 'x' })]).toEqual([
      undefined,
      'msg_too_long',
      'markdown_text_conflict',
    ]);
  });
  it('has so many attachments, also more than is advised', async () => {
    const attached = (count: number) =>
      error(post({ attachments: Array.from({ length: count }, () => ({ text: 'x' })) }));
    const [max, advised] = [most('maxAttachments'), most('attachmentsRecommendedMax')];
    expect([await attached(advised + 1), await attached(max), await attached(max + 1)]).toEqual([
      undefined,
      undefined,
      'too_many_attachments',
    ]);
  });
  it('has as many tables as it likes, but counts their letters together, also those of attachments', async () => {
    expect(table.surfaces.message['maxTables']).toMatchObject({ value: null });
    const max = most('tableCellCharsAggregate');
    const split = (size: number) =>
      error(post({ blocks: [tableOf(1)], attachments: [{ blocks: [tableOf(size - 1)] }] }));
    expect([await split(max), await split(max + 1)]).toEqual([undefined, 'invalid_blocks']);
    expect(await error(post({ blocks: [1, 2, 3].map(() => tableOf(1)) }))).toBeUndefined();
  });
  it('has ids that differ, also from those in its attachments', async () => {
    const blocks = [{ type: 'divider', block_id: 'same' }];
    expect(await post({ blocks, attachments: [{ blocks }] })).toMatchObject({
      error: 'invalid_blocks',
      errors: ['`block_id` already exists: same [json-pointer:/attachments/0/blocks/0/block_id]'],
    });
  });

  const payload = { event_type: 'alert', event_payload: { id: 1 } };
  it('carries metadata', async () => {
    expect(
      await error(
        post({ metadata: { ...payload, event_payload: { a: 'x', b: 1, c: true, d: { e: 'x' }, f: [{ g: 1 }] } } }),
      ),
    ).toBeUndefined();
    const required = table.objects['message_metadata']?.required ?? [];
    expect(required).toEqual(Object.keys(payload));
    for (const field of required)
      expect(await error(post({ metadata: { ...payload, [field]: undefined } }))).toBe('invalid_metadata_format');
    for (const wrong of ['x', [], { ...payload, event_type: 5 }, { ...payload, event_payload: 'x' }])
      expect(await error(post({ metadata: wrong }))).toBe('invalid_metadata_format');
    for (const value of [null, ['x'], { deep: { deeper: 1 } }, [{ deep: {} }]])
      expect(await error(post({ metadata: { ...payload, event_payload: { value } } }))).toBe('invalid_metadata_schema');
  });

  const refusals: Record<string, () => Promise<unknown>> = {
    invalid_blocks: () => post({ blocks: [{}] }),
    invalid_blocks_format: () => post({ blocks: 'not json' }),
    no_text: () => post({ text: '' }),
    msg_too_long: () => post({ text: undefined, markdown_text: letters(most('markdownTextMax') + 1) }),
    too_many_attachments: () => post({ attachments: Array.from({ length: most('maxAttachments') + 1 }, () => ({})) }),
    markdown_text_conflict: () => post({ markdown_text: 'x' }),
    invalid_metadata_format: () => post({ metadata: 'x' }),
    invalid_metadata_schema: () => post({ metadata: { ...payload, event_payload: { x: null } } }),
  };
  /** Of these the reference gives no number, or they are for tokens the stand-in does not know: see its README. */
  const never = ['msg_blocks_too_long', 'metadata_too_large', 'metadata_must_be_sent_from_app'];
  const names = z
    .array(z.string())
    .parse(table.surfaces.message['errors'])
    .map((each) => each.split(' ')[0] ?? '');

  it('is refused with each of the words the table knows', async () => {
    expect(names.toSorted()).toEqual([...Object.keys(refusals), ...never].toSorted());
    for (const [name, call] of Object.entries(refusals)) expect(await call()).toMatchObject({ ok: false, error: name });
  });
});

describe('the phrases that were seen live', () => {
  const live = table.liveErrorStrings;
  const lines = async (blocks: unknown) => {
    const refused = await refusal(web.chat.postMessage({ ...said, blocks } as never));
    return z
      .object({ errors: z.array(z.string()) })
      .parse(refused)
      .errors.map((line) => line.replace(/ \[.*/, ''));
  };
  const text = (of: unknown) => [{ type: 'section', text: of }];
  const phrases: Record<string, unknown> = {
    'must provide an object': text('x'),
    'must provide a string': text(plain(5 as never)),
    'must be a valid enum value': text({ type: 'raw_text', text: 'x' }),
    'missing required field: title': [{ ...samples['plan'], title: undefined }],
    'unsupported type: <x>': [{ type: '<x>' }],
    'must be more than 0 characters': text(plain('')),
    'must be less than 3001 characters': text(plain('x'.repeat(3001))),
    'no more than 50 items allowed': Array.from({ length: 51 }, () => ({ type: 'divider' })),
  };
  it('are all known here', () => expect(Object.keys(phrases).toSorted()).toEqual(live.knownPhrases.toSorted()));
  it.each(Object.entries(phrases))('%s', async (phrase, blocks) => expect(await lines(blocks)).toEqual([phrase]));
  it('come in the answer that was recorded', async () => {
    const blocks = [{ ...samples['plan'], title: plain('x') }];
    const sent = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      body: JSON.stringify({ ...said, blocks }),
      headers: { authorization: `Bearer ${slack.tokens.bot}`, 'content-type': 'application/json' },
    });
    expect(await sent.json()).toEqual(JSON.parse(live.postMessage));
  });
});
