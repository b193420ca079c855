import type { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { elementSample, samples } from './blockkit/samples.ts';
import { table } from './blockkit/table.ts';
import { client, plain, socketApp, workspace } from './workspace.ts';

let slack: LocalSlack;
let app: App;
let web: WebClient;
let trigger = '';
beforeAll(async () => {
  slack = await workspace({ rateLimits: false });
  app = await socketApp(slack);
  web = client(slack);
  app.command('/try', async ({ ack, body }) => {
    trigger = body.trigger_id;
    await ack();
  });
});
afterAll(async () => {
  await app.stop();
  await slack.close();
});

const Fields = z.record(z.string(), z.unknown());
const { blocksValidate } = table;

describe('blocks.validate', () => {
  /** Without a token, as everyone may ask. */
  async function validated(args: object, form = true): Promise<z.infer<typeof Fields>> {
    const texts = Object.entries(args).map(([name, value]) => [name, JSON.stringify(value)]);
    const body = form ? new URLSearchParams(Object.fromEntries(texts)) : JSON.stringify(args);
    const headers = { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' };
    const [method, path] = blocksValidate.method.split(' ');
    const answer = await fetch(`${slack.apiUrl}${path}`, { method: method ?? '', headers, body });
    return Fields.parse(await answer.json());
  }
  const divider = { type: 'divider' };
  const good = {
    blocks: [divider],
    message: { text: 'x', blocks: [divider], attachments: [{ blocks: [divider] }], channel: 'C1' },
    view: { type: 'modal', title: plain('x'), blocks: [divider] },
  };
  const [, kinds = ''] = blocksValidate.args
    .split(' ')
    .map((word) => word)
    .slice(2);

  it.each(Object.entries(good))('takes %s that are right', async (kind, value) => {
    expect(blocksValidate.args).toContain(kind);
    expect(await validated({ [kind]: value })).toEqual(blocksValidate.okResponse);
    expect(await validated({ [kind]: value }, false)).toEqual(blocksValidate.okResponse);
  });
  it('takes exactly one thing', async () => {
    expect(kinds?.split('|')).toEqual(Object.keys(good));
    for (const args of [{}, { blocks: good.blocks, view: good.view }, good])
      expect(await validated(args)).toMatchObject({ ok: false, error: 'invalid_arguments' });
  });
  const header = { type: 'header', text: plain('x'.repeat(151)) };
  const wrong: [string, unknown, string, string][] = [
    ['blocks', [{}], '/0', 'type'],
    ['blocks', [header], '/0/text/text', 'text'],
    ['blocks', [divider, { type: 'sectoin' }], '/1/type', 'type'],
    ['blocks', { type: 'divider' }, '', ''],
    ['message', { blocks: [header] }, '/blocks/0/text/text', 'text'],
    ['message', { text: 5 }, '/text', 'text'],
    ['message', { text: 'x', attachments: [{}, { blocks: [header] }] }, '/attachments/1/blocks/0/text/text', 'text'],
    ['message', { channel: 'C1' }, '', 'text'],
    ['message', 'x', '', ''],
    ['view', { ...good.view, title: plain('x'.repeat(25)) }, '/title/text', 'text'],
    ['view', { ...good.view, blocks: [header] }, '/blocks/0/text/text', 'text'],
    ['view', { type: 'home', title: plain('x'), blocks: [divider] }, '', 'title'],
    ['view', {}, '', 'type'],
  ];
  it.each(wrong)('tells what is wrong with %s %j at %s', async (kind, value, pointer, field) => {
    const answer = await validated({ [kind]: value });
    expect(answer).toEqual({ ok: false, error: `invalid_${kind}`, errors: [expect.objectContaining({ pointer })] });
    const [error] = z.array(Fields).parse(answer['errors']);
    expect(error).toMatchObject({ code: expect.any(String), message: expect.any(String), ...(field && { field }) });
    expect(blocksValidate.errorResponse.error.split(' | ')).toContain(answer['error']);
    const [shape = {}] = blocksValidate.errorResponse.errors;
    expect(Object.keys(shape)).toEqual(expect.arrayContaining(Object.keys(error ?? {})));
  });
  it('says it just as the table does', async () => {
    const [said] = blocksValidate.errorResponse.errors;
    const { constraint: _constraint, ...rest } = said ?? {};
    expect(await validated({ blocks: [{}] })).toEqual({ ok: false, error: 'invalid_blocks', errors: [rest] });
  });
  it('tells what would have been right', async () => {
    const { errors } = await validated({ blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] });
    expect(errors).toMatchObject([{ constraint: { type: 'enum', expected: ['plain_text'], got: 'mrkdwn' } }]);
  });
  it('asks no workspace for its files', async () => {
    expect(await validated({ blocks: [{ type: 'image', alt_text: 'x', slack_file: { id: 'F404' } }] })).toEqual({
      ok: true,
    });
  });
});

describe('what is given back', () => {
  const given = table.responseNormalisation;
  async function posted(...blocks: unknown[]): Promise<z.infer<typeof Fields>[]> {
    const { message } = await web.chat.postMessage({ channel: 'C1', text: 'x', blocks } as never);
    return z.array(Fields).parse(message?.blocks);
  }
  async function shown(view: object): Promise<z.infer<typeof Fields>> {
    await slack.as('U1').command('/try');
    const answer = await web.views.open({ trigger_id: trigger, view: view as never });
    return Fields.parse(answer.view);
  }
  const mrkdwn = (more: object = {}) => ({ type: 'mrkdwn', text: 'x', ...more });
  const input = (more: object = {}) => ({ ...samples['input'], ...more });

  const checks: Record<string, () => Promise<void>> = {
    async block_id() {
      const blocks = await posted({ type: 'divider' }, samples['section'], { type: 'divider', block_id: 'mine' });
      expect(blocks.map((block) => block['block_id'])).toEqual([
        expect.stringMatching(/^[A-Za-z0-9/+=]{4,5}$/),
        expect.stringMatching(/^[A-Za-z0-9/+=]{4,5}$/),
        'mine',
      ]);
      expect(new Set(blocks.map((block) => block['block_id'])).size).toBe(3);
      const [markdown] = await posted({ ...samples['markdown'], block_id: 'mine' });
      expect(Object.keys(markdown ?? {})).toEqual(['type', 'text']);
    },
    async mrkdwn() {
      const [section] = await posted({ type: 'section', text: mrkdwn(), fields: [mrkdwn({ verbatim: true })] });
      expect(section).toMatchObject({ text: { verbatim: false }, fields: [{ verbatim: true }] });
      const [context] = await posted({ type: 'context', elements: [mrkdwn(), plain('x')] });
      expect(context).toMatchObject({ elements: [{ verbatim: false }, { emoji: true }] });
    },
    async plain_text() {
      const quiet = { ...plain('x'), emoji: false };
      const button = {
        ...elementSample('button'),
        confirm: { title: quiet, text: plain('x'), confirm: plain('x'), deny: plain('x') },
      };
      const [actions] = await posted({ type: 'actions', elements: [button] });
      expect(actions).toMatchObject({
        elements: [{ text: { emoji: true }, confirm: { title: { emoji: false }, text: { emoji: true } } }],
      });
    },
    async input() {
      const blocks = await posted(input(), input({ optional: true, dispatch_action: true }));
      expect(blocks).toMatchObject([
        { optional: false, dispatch_action: false, label: { emoji: true } },
        { optional: true, dispatch_action: true },
      ]);
    },
    async plain_text_input() {
      const [block] = await posted(input());
      expect(block).toMatchObject({
        element: { multiline: false, action_id: expect.stringMatching(/^[A-Za-z0-9/+=]{4,5}$/) },
      });
    },
    async messageTextWhenOnlyBlocks() {
      const { message } = await web.chat.postMessage({ channel: 'C1', blocks: [{ type: 'divider' }] } as never);
      expect(JSON.stringify(message?.text)).toBe(given['messageTextWhenOnlyBlocks']?.replace(/ \(.*/, ''));
    },
    async view() {
      const modal = await shown({ type: 'modal', title: plain('x'), blocks: [{ type: 'divider' }] });
      expect(modal).toMatchObject({
        external_id: '',
        previous_view_id: null,
        root_view_id: modal['id'],
        hash: expect.stringMatching(/^\d{10}\.[\w-]{8}$/),
        submit: null,
        close: null,
        title: { emoji: true },
        blocks: [{ block_id: expect.any(String) }],
      });
      const home = await web.views.publish({ user_id: 'U1', view: { type: 'home', blocks: [{ type: 'divider' }] } });
      expect(home.view).toMatchObject({ submit: null, close: null, external_id: '', previous_view_id: null });
      expect(home.view?.root_view_id).toBe(home.view?.id);
    },
  };

  it('is all that the table says', () => {
    expect(
      Object.keys(given)
        .filter((name) => name !== 'source')
        .toSorted(),
    ).toEqual(Object.keys(checks).toSorted());
  });
  it.each(Object.entries(checks))('%s', async (_name, check) => {
    await check();
    expect.hasAssertions();
  });
});
