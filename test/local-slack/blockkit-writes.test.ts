import type { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LocalSlack, PersonAtWork } from '../../src/local-slack/local-slack.ts';
import type { Write } from '../../src/local-slack/world.ts';
import { samples } from './blockkit/samples.ts';
import { num, table } from './blockkit/table.ts';
import { client, modal, plain, refusal, socketApp, workspace } from './workspace.ts';

let slack: LocalSlack;
let app: App;
let web: WebClient;
let ana: PersonAtWork;
let writes: Write[] = [];
let answer: Record<string, unknown> | undefined;
let command = { trigger: '', url: '' };

beforeAll(async () => {
  slack = await workspace({ rateLimits: false, onWrite: (write) => writes.push(write) });
  app = await socketApp(slack);
  web = client(slack);
  ana = slack.as('U1');
  app.command('/try', async ({ ack, body }) => {
    command = { trigger: body.trigger_id, url: body.response_url };
    await (ack as (body?: object) => Promise<void>)(answer);
  });
  app.view('One', async ({ ack }) => (ack as (body?: object) => Promise<void>)(answer));
});
afterAll(async () => {
  await app.stop();
  await slack.close();
});

const said = { channel: 'C1', text: 'x' };
async function typed(answered?: object): Promise<typeof command> {
  answer = answered && { ...answered };
  await ana.command('/try');
  return command;
}
async function opened(view = modal('One')) {
  const { trigger } = await typed();
  return web.views.open({ trigger_id: trigger, view });
}
async function submitted(response_action: string, view: object): Promise<void> {
  await opened();
  answer = { response_action, view };
  await ana.submit();
}
const body = (value: object) => ({ method: 'POST', body: JSON.stringify(value) });

/** Every way of writing, the surface it writes to, and where in what is written its blocks stand. */
const doors: Record<string, { at: string; write: (blocks: never) => Promise<unknown> }> = {
  'chat.postMessage': { at: '/blocks', write: (blocks) => web.chat.postMessage({ ...said, blocks }) },
  'an attachment': {
    at: '/attachments/0/blocks',
    write: (blocks) => web.chat.postMessage({ ...said, attachments: [{ blocks }] }),
  },
  'chat.update': {
    at: '/blocks',
    write: async (blocks) => {
      const { ts = '' } = await web.chat.postMessage(said);
      return web.chat.update({ ...said, ts, blocks });
    },
  },
  'chat.postEphemeral': { at: '/blocks', write: (blocks) => web.chat.postEphemeral({ ...said, user: 'U1', blocks }) },
  'chat.scheduleMessage': {
    at: '/blocks',
    write: (blocks) => web.chat.scheduleMessage({ ...said, post_at: Math.floor(Date.now() / 1000) + 3600, blocks }),
  },
  'a response URL': {
    at: '/blocks',
    write: async (blocks) => fetch((await typed()).url, body({ text: 'x', blocks })),
  },
  'the answer to a command': { at: '/blocks', write: (blocks) => typed({ text: 'x', blocks }) },
  'views.open': { at: '/view/blocks', write: (blocks) => opened(modal('One', blocks)) },
  'views.push': {
    at: '/view/blocks',
    write: async (blocks) => {
      await opened();
      return web.views.push({ trigger_id: (await typed()).trigger, view: modal('Two', blocks) });
    },
  },
  'views.update': {
    at: '/view/blocks',
    write: async (blocks) => {
      const { view } = await opened();
      return web.views.update({ view_id: view?.id ?? '', view: modal('Two', blocks) });
    },
  },
  'views.publish': {
    at: '/view/blocks',
    write: (blocks) => web.views.publish({ user_id: 'U1', view: { type: 'home', blocks } }),
  },
  'an update in answer to a submission': {
    at: '/view/blocks',
    write: (blocks) => submitted('update', modal('Two', blocks)),
  },
  'a push in answer to a submission': {
    at: '/view/blocks',
    write: (blocks) => submitted('push', modal('Two', blocks)),
  },
};

describe.each(Object.entries(doors))('%s', (_name, { at, write }) => {
  const longest = num('blocks', 'header', 'fields', 'text', 'maxLength');
  const wide = (size: number) => [{ type: 'header', text: plain('x'.repeat(size)) }] as never;

  it('takes what just fits, with its defaults', async () => {
    await write(wide(longest));
    expect(writes.at(-1)?.refused).toBeUndefined();
    expect(JSON.stringify(writes.at(-1)?.kept)).toContain('"emoji":true');
  });
  it('refuses what does not, in the words and the shape of Slack', async () => {
    await refusal(write(wide(longest + 1)));
    const line = `must be less than ${longest + 1} characters [json-pointer:${at}/0/text/text]`;
    expect(writes.at(-1)?.refused).toEqual({
      ok: false,
      error: at.startsWith('/view')
        ? 'invalid_arguments'
        : at.startsWith('/att')
          ? 'invalid_attachments'
          : 'invalid_blocks',
      errors: [line],
      response_metadata: { messages: [`[ERROR] ${line}`] },
    });
  });
});

describe('a message', () => {
  const most = (name: string) => num('surfaces', 'message', name);
  const letters = (size: number) => 'x'.repeat(size);
  const post = (more: object) => refusal(web.chat.postMessage({ channel: 'C1', text: 'x', ...more } as never));
  const error = async (call: Promise<unknown>) => Object(await call)['error'];
  const table10k = (size: number) => ({ type: 'table', rows: [[{ type: 'raw_text', text: letters(size) }]] });

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
      error(post({ blocks: [table10k(1)], attachments: [{ blocks: [table10k(size - 1)] }] }));
    expect([await split(max), await split(max + 1)]).toEqual([undefined, 'invalid_blocks']);
    expect(await error(post({ blocks: [1, 2, 3].map(() => table10k(1)) }))).toBeUndefined();
  });
  it('has ids that differ, also from those in its attachments', async () => {
    const blocks = [{ type: 'divider', block_id: 'same' }];
    expect(await post({ blocks, attachments: [{ blocks }] })).toMatchObject({
      error: 'invalid_blocks',
      errors: ['`block_id` already exists: same [json-pointer:/attachments/0/blocks/0/block_id]'],
    });
  });

  const payload = { event_type: 'alert', event_payload: { id: 1 } };
  const metadata: Record<string, unknown>[] = [
    { event_type: 'alert', event_payload: { a: 'x', b: 1, c: true, d: { e: 'x' }, f: [{ g: 1 }] } },
  ];
  it('carries metadata', async () => {
    expect(await error(post({ metadata: metadata[0] }))).toBeUndefined();
    const required = table.objects['message_metadata']?.required ?? [];
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

describe('an external select', () => {
  const most = Number(/max (\d+) options/.exec(table.elements['external_select']?.loads ?? '')?.[1]);
  const element = { type: 'external_select' as const, action_id: 'model', min_query_length: 0 };
  it.each([
    [most, { ok: true }],
    [most + 1, { ok: false }],
  ])('is offered %i options', async (count, expected) => {
    app.options({ action_id: 'model' }, async ({ ack }) => {
      const options = Array.from({ length: count }, (_, index) => ({ text: plain(`m${index}`), value: `${index}` }));
      await (ack as (answer: object) => Promise<void>)({ options });
    });
    await opened(modal('Two', [{ type: 'input', block_id: 'Model', label: plain('Model'), element, optional: true }]));
    const filled = ana.fill({ Model: 'm0' }).then(
      () => ({ ok: true }),
      () => ({ ok: false }),
    );
    expect(await filled).toEqual(expected);
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
  const said_: Record<string, unknown> = {
    'must provide an object': text('x'),
    'must provide a string': text(plain(5 as never)),
    'must be a valid enum value': text({ type: 'raw_text', text: 'x' }),
    'missing required field: title': [{ ...samples['plan'], title: undefined }],
    'unsupported type: <x>': [{ type: '<x>' }],
    'must be more than 0 characters': text(plain('')),
    'must be less than 3001 characters': text(plain('x'.repeat(3001))),
    'no more than 50 items allowed': Array.from({ length: 51 }, () => ({ type: 'divider' })),
  };
  it('are all known here', () => expect(Object.keys(said_).toSorted()).toEqual(live.knownPhrases.toSorted()));
  it.each(Object.entries(said_))('%s', async (phrase, blocks) => expect(await lines(blocks)).toEqual([phrase]));
  it('come in the answer that was recorded', async () => {
    const blocks = [{ ...samples['plan'], title: plain('x') }];
    const sent = await fetch(`${slack.apiUrl}chat.postMessage`, {
      ...body({ ...said, blocks }),
      headers: { authorization: `Bearer ${slack.tokens.bot}`, 'content-type': 'application/json' },
    });
    expect(await sent.json()).toEqual(JSON.parse(live.postMessage));
  });
});

it('writes were listened to', () => expect(writes.length).toBeGreaterThan(50));
