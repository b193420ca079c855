import type { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalSlack, PersonAtWork } from '../../src/local-slack/local-slack.ts';
import type { Write } from '../../src/local-slack/world.ts';
import { num, table } from './blockkit/table.ts';
import { client, modal, plain, refusal, socketApp, workspace } from './workspace.ts';

let slack: LocalSlack;
let app: App;
let web: WebClient;
let ana: PersonAtWork;
const writes: Write[] = [];
let offered = 0;
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
  app.options({ action_id: 'model' }, async ({ ack }) => {
    const options = Array.from({ length: offered }, (_, index) => ({ text: plain(`m${index}`), value: `${index}` }));
    await (ack as (answer: object) => Promise<void>)({ options });
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

describe('an external select', () => {
  const most = Number(/max (\d+) options/.exec(table.elements['external_select']?.loads ?? '')?.[1]);
  const element = { type: 'external_select' as const, action_id: 'model', min_query_length: 0 };
  it.each([
    [most, { ok: true }],
    [most + 1, { ok: false }],
  ])('is offered %i options', async (count, expected) => {
    offered = count;
    await opened(modal('Two', [{ type: 'input', block_id: 'Model', label: plain('Model'), element, optional: true }]));
    const filled = ana.fill({ Model: 'm0' }).then(
      () => ({ ok: true }),
      () => ({ ok: false }),
    );
    expect(await filled).toEqual(expected);
  });
});
