import type { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalSlack, PersonAtWork } from '../../src/local-slack/local-slack.ts';
import { num } from './blockkit/table.ts';
import { client, clock, modal, plain, refusal, socketApp, textInput, workspace } from './workspace.ts';

const time = clock();
let slack: LocalSlack;
let app: App;
let web: WebClient;
let ana: PersonAtWork;
let trigger = '';

beforeEach(async () => {
  slack = await workspace({ now: time.now });
  app = await socketApp(slack);
  web = client(slack);
  ana = slack.as('U1');
  app.command('/try', async ({ ack, body }) => {
    trigger = body.trigger_id;
    await ack();
  });
});
afterEach(async () => {
  await app.stop();
  await slack.close();
});

async function freshTrigger(): Promise<string> {
  await ana.command('/try');
  return trigger;
}

describe('a trigger', () => {
  test('opens one view, once', async () => {
    const trigger_id = await freshTrigger();
    await web.views.open({ trigger_id, view: modal('One') });
    expect(await refusal(web.views.open({ trigger_id, view: modal('Two') }))).toMatchObject({
      error: 'exchanged_trigger_id',
    });
  });

  test('is good for three seconds', async () => {
    const trigger_id = await freshTrigger();
    time.pass(3_001);
    expect(await refusal(web.views.open({ trigger_id, view: modal('One') }))).toMatchObject({
      error: 'expired_trigger_id',
    });
  });

  test('is not something one can make up', async () => {
    expect(await refusal(web.views.open({ trigger_id: '1.2.3', view: modal('One') }))).toMatchObject({
      error: 'invalid_trigger_id',
    });
  });

  test('survives a view that was refused', async () => {
    const trigger_id = await freshTrigger();
    expect(await refusal(web.views.open({ trigger_id, view: modal('x'.repeat(25)) }))).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'] },
    });
    expect(await web.views.open({ trigger_id, view: modal('One') })).toMatchObject({ ok: true });
  });
});

test('a stack holds three views', async () => {
  expect(num('surfaces', 'modal', 'maxStackDepth')).toBe(3);
  await web.views.open({ trigger_id: await freshTrigger(), view: modal('One') });
  const push = async (title: string) => web.views.push({ trigger_id: await freshTrigger(), view: modal(title) });
  const second = await push('Two');
  expect(second.view?.previous_view_id).toBe(second.view?.root_view_id);
  await push('Three');
  expect(await refusal(push('Four'))).toMatchObject({ error: 'push_limit_reached' });
  await ana.closeModal();
  expect(ana.modal()).toContain('# Two');
});

test('a stale hash and a closed view are refused', async () => {
  const { view } = await web.views.open({ trigger_id: await freshTrigger(), view: modal('One') });
  const [id = '', hash = ''] = [view?.id, view?.hash];
  await web.views.update({ view_id: id, hash, view: modal('Two') });
  expect(await refusal(web.views.update({ view_id: id, hash, view: modal('Three') }))).toMatchObject({
    error: 'hash_conflict',
  });
  await ana.closeModal();
  expect(await refusal(web.views.update({ view_id: id, view: modal('Three') }))).toMatchObject({ error: 'not_found' });
});

test('what was typed survives an update that keeps the ids', async () => {
  const { view } = await web.views.open({ trigger_id: await freshTrigger(), view: modal('One', [textInput('Why')]) });
  await ana.fill({ Why: 'Because' });
  await web.views.update({ view_id: view?.id ?? '', view: modal('Two', [{ type: 'divider' }, textInput('Why')]) });
  expect(ana.modal()).toBe('# Two\nWhy: {Because}\n[Cancel] [Save]');
});

test('one external id names one view', async () => {
  await web.views.open({ trigger_id: await freshTrigger(), view: { ...modal('One'), external_id: 'x' } });
  const again = web.views.push({ trigger_id: await freshTrigger(), view: { ...modal('Two'), external_id: 'x' } });
  expect(await refusal(again)).toMatchObject({ error: 'duplicate_external_id' });
  expect(await web.views.update({ external_id: 'x', view: { ...modal('Two'), external_id: 'x' } })).toMatchObject({
    ok: true,
  });
});

describe('a submission', () => {
  test('does not reach the app while a required field is empty', async () => {
    await web.views.open({ trigger_id: await freshTrigger(), view: modal('One', [textInput('Why')]) });
    expect(await ana.submit()).toEqual({ ok: false, errors: { Why: 'Please complete this required field.' } });
  });

  test('can be answered with errors, an update, a further view, and an end', async () => {
    app.view('One', async ({ ack, view }) => {
      const typed = view.state.values['Why']?.['value']?.value;
      if (typed === 'bad') return ack({ response_action: 'errors', errors: { Why: 'Not that.' } });
      if (typed === 'nowhere') return ack({ response_action: 'errors', errors: { Elsewhere: 'Not that.' } });
      if (typed === 'more') return ack({ response_action: 'push', view: modal('Two') });
      return ack({ response_action: 'update', view: modal('Done') });
    });
    app.view('Two', async ({ ack }) => ack({ response_action: 'clear' }));
    const open = async () =>
      web.views.open({ trigger_id: await freshTrigger(), view: modal('One', [textInput('Why')]) });
    await open();
    expect(await ana.submit({ Why: 'bad' })).toEqual({ ok: false, errors: { Why: 'Not that.' } });
    expect(ana.modal()).toContain('! Not that.');
    expect(await ana.submit({ Why: 'nowhere' })).toEqual({ ok: false, error: 'invalid_response_action' });
    expect(await ana.submit({ Why: 'more' })).toEqual({ ok: true });
    expect(ana.modal()).toContain('# Two');
    expect(await ana.press('Save')).toEqual({ ok: true });
    expect(ana.modal()).toBeUndefined();
    await open();
    await ana.submit({ Why: 'fine' });
    expect(ana.modal()).toContain('# Done');
  });

  test('carries every input, also those left alone', async () => {
    let state: unknown;
    app.view('One', async ({ ack, view }) => {
      state = view.state.values;
      await ack();
    });
    const choice = (block_id: string, element: object) => ({
      type: 'input',
      block_id,
      label: plain(block_id),
      optional: true,
      element: { action_id: 'value', ...element },
    });
    const options = ['Low', 'High'].map((text) => ({ text: plain(text), value: text.toLowerCase() }));
    const blocks = [
      choice('Level', { type: 'static_select', options }),
      choice('Both', { type: 'multi_static_select', options }),
      choice('Day', { type: 'datepicker', initial_date: '2026-11-23' }),
      choice('Who', { type: 'multi_users_select' }),
      choice('Left', { type: 'static_select', options }),
      choice('Count', { type: 'number_input', is_decimal_allowed: false, min_value: '1' }),
    ];
    await web.views.open({ trigger_id: await freshTrigger(), view: modal('One', blocks as never) });
    await expect(ana.fill({ Level: 'Middling' })).rejects.toThrow(
      '"Level" does not offer "Middling"; it offers: Low | High',
    );
    expect(await ana.submit({ Count: '0' })).toMatchObject({
      errors: { Count: 'Please enter a number no less than 1.' },
    });
    await ana.submit({ Level: 'High', Both: ['Low', 'High'], Who: ['ana', 'Bo Ek'], Count: '3' });
    const full = (index: number) => ({
      text: { ...plain(['Low', 'High'][index] ?? ''), emoji: true },
      value: ['low', 'high'][index],
    });
    expect(state).toEqual({
      Level: { value: { type: 'static_select', selected_option: full(1) } },
      Both: { value: { type: 'multi_static_select', selected_options: [full(0), full(1)] } },
      Day: { value: { type: 'datepicker', selected_date: '2026-11-23' } },
      Who: { value: { type: 'multi_users_select', selected_users: ['U1', 'U2'] } },
      Left: { value: { type: 'static_select', selected_option: null } },
      Count: { value: { type: 'number_input', value: '3' } },
    });
  });
});

test('closing is told to those who asked, with the whole stack when it is cleared', async () => {
  const closed = new Set<string>();
  app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack, body }) => {
    closed.add(`${body.view.callback_id} ${'is_cleared' in body && body.is_cleared}`);
    await ack();
  });
  await web.views.open({ trigger_id: await freshTrigger(), view: { ...modal('One'), notify_on_close: true } });
  await web.views.push({
    trigger_id: await freshTrigger(),
    view: { ...modal('Two'), notify_on_close: true, clear_on_close: true },
  });
  await ana.closeModal();
  expect(closed).toEqual(new Set(['One true', 'Two true']));
  await web.views.open({ trigger_id: await freshTrigger(), view: modal('Silent') });
  await ana.closeModal();
  expect(closed.size).toBe(2);
});

test('an external select asks the app, from the third letter on, and keeps what it offered', async () => {
  const models = ['churn v1', 'churn v2', 'fraud v1'];
  const asked: string[] = [];
  app.options({ action_id: 'model' }, async ({ ack, payload }) => {
    asked.push(payload.value);
    const options = models
      .filter((name) => name.startsWith(payload.value))
      .map((name) => ({ text: plain(name), value: name }));
    await (ack as (answer: object) => Promise<void>)({ options });
  });
  let chosen: unknown;
  app.view('One', async ({ ack, view }) => {
    chosen = view.state.values['Model']?.['model']?.selected_option?.value;
    await ack();
  });
  const element = { type: 'external_select' as const, action_id: 'model', min_query_length: 3 };
  const blocks = [{ type: 'input' as const, block_id: 'Model', label: plain('Model'), element }];
  await web.views.open({ trigger_id: await freshTrigger(), view: modal('One', blocks) });
  await expect(ana.fill({ Model: 'ch' })).rejects.toThrow('"Model" does not offer "ch"');
  expect(asked).toEqual([]);
  await ana.submit({ Model: 'churn v2' });
  expect([asked, chosen]).toEqual([['churn v2'], 'churn v2']);
});

test('Home is published, read, pressed and guarded by its hash', async () => {
  app.event('app_home_opened', async ({ event }) => {
    const blocks = [
      {
        type: 'section' as const,
        text: plain(`Hi <${event.tab}>`),
        accessory: { type: 'button' as const, action_id: 'go', text: plain('Go') },
      },
    ];
    await web.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
  });
  const seen: unknown[] = [];
  app.action('go', async ({ ack, body }) => {
    seen.push(
      body.type === 'block_actions' && [body.container['type'], body.view?.type, body.channel, body.response_url],
    );
    await ack();
  });
  expect(await ana.home()).toBe('Hi <home>\n[Go]');
  await ana.press('Go');
  expect(seen).toEqual([['view', 'home', undefined, undefined]]);
  const stale = web.views.publish({
    user_id: 'U1',
    hash: 'old',
    view: { type: 'home', blocks: [{ type: 'divider' }] },
  });
  expect(await refusal(stale)).toMatchObject({ error: 'hash_conflict' });
});
