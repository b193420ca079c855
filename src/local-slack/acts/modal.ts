import type { ViewRecord } from '../data.ts';
import { inputErrors } from '../inputs.ts';
import { type Fields, fieldsOf, isFields, textOf } from '../json.ts';
import { interaction, withTrigger } from '../payloads.ts';
import { refusalOf } from '../refusal.ts';
import { newResponseUrl } from '../response-urls.ts';
import { ask } from '../transports.ts';
import { blocksOf, checkedView, clearStack, pushView, removeView, replaceView, stackOf, wireView } from '../views.ts';
import { changed, toast, type World } from '../world.ts';
import { errorOf, failed, type Outcome } from './outcome.ts';

function responseUrls(world: World, record: ViewRecord): Fields[] {
  return blocksOf(record).flatMap((block) => {
    const element = fieldsOf(block['element']);
    if (element['response_url_enabled'] !== true) return [];
    const [blockId, actionId] = [textOf(block['block_id']), textOf(element['action_id'])];
    const held = record.values[blockId]?.[actionId];
    const channel = textOf(held?.['selected_conversation'] ?? held?.['selected_channel']);
    if (channel === '') return [];
    const url = newResponseUrl(world, record.user, channel);
    return [{ block_id: blockId, action_id: actionId, channel_id: channel, response_url: url }];
  });
}

function trouble(world: World, record: ViewRecord, error: string): Outcome {
  toast(world, record.user, `We had some trouble connecting. Try again? (${error})`);
  return failed(error);
}

function withErrors(world: World, record: ViewRecord, given: unknown): Outcome {
  const inputs = blocksOf(record)
    .filter((block) => block['type'] === 'input')
    .map((block) => block['block_id']);
  const errors = Object.entries(fieldsOf(given)).filter(([, text]) => typeof text === 'string' && text !== '');
  if (errors.length === 0 || !errors.every(([blockId]) => inputs.includes(blockId))) {
    return trouble(world, record, 'invalid_response_action');
  }
  record.errors = Object.fromEntries(errors.map(([blockId, text]) => [blockId, textOf(text)]));
  changed(world, [record.user]);
  return { ok: false, errors: record.errors };
}

const answering = { method: 'response_action', kind: 'modal' } as const;

function follow(world: World, record: ViewRecord, body: unknown): Outcome {
  const response = fieldsOf(body);
  switch (response['response_action']) {
    case undefined:
      if (isFields(body) && Object.keys(body).length > 0) return trouble(world, record, 'invalid_response_action');
      removeView(world, record);
      return { ok: true };
    case 'errors':
      return withErrors(world, record, response['errors']);
    case 'update':
      replaceView(world, record, checkedView(world, answering, response['view'], record.id));
      return { ok: true };
    case 'push':
      pushView(world, record.user, checkedView(world, answering, response['view']));
      return { ok: true };
    case 'clear':
      clearStack(world, record.user);
      return { ok: true };
    default:
      return trouble(world, record, 'invalid_response_action');
  }
}

function followed(world: World, record: ViewRecord, body: unknown): Outcome {
  try {
    return follow(world, record, body);
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (!refusal) throw thrown;
    const lines = fieldsOf(refusal['response_metadata'])['messages'];
    return trouble(world, record, [refusal['error'], ...(Array.isArray(lines) ? lines : [])].join(' '));
  }
}

export async function submitView(world: World, user: string, viewId: string): Promise<Outcome> {
  const record = stackOf(world, user).at(-1);
  if (!record || record.id !== viewId) return failed('not_found');
  const errors = inputErrors(blocksOf(record), record.values);
  record.errors = Object.keys(errors).length > 0 ? errors : undefined;
  changed(world, [user]);
  if (record.errors) return { ok: false, errors };
  const payload = {
    ...interaction(world, 'view_submission', user),
    ...withTrigger(world, user),
    view: wireView(world, record),
    response_urls: responseUrls(world, record),
  };
  record.busy = true;
  const answer = await ask(world, 'interactive', payload, true);
  record.busy = undefined;
  changed(world, [user]);
  if (answer.kind !== 'acked') return trouble(world, record, errorOf(answer) ?? '');
  return world.modals.has(record.id) ? followed(world, record, answer.body) : { ok: true };
}

async function tellClosed(world: World, record: ViewRecord, isCleared: boolean): Promise<void> {
  if (record.view['notify_on_close'] !== true) return;
  const payload = {
    ...interaction(world, 'view_closed', record.user),
    view: wireView(world, record),
    is_cleared: isCleared,
  };
  await ask(world, 'interactive', payload, false);
}

/** Cancel goes one view back; the cross at the top and clear_on_close take the whole stack along. */
export async function closeView(world: World, user: string, viewId: string, all = false): Promise<Outcome> {
  const record = stackOf(world, user).at(-1);
  if (!record || record.id !== viewId) return failed('not_found');
  if (all || record.view['clear_on_close'] === true) {
    const closed = clearStack(world, user);
    await Promise.all(closed.map((each) => tellClosed(world, each, true)));
  } else {
    removeView(world, record);
    await tellClosed(world, record, false);
  }
  return { ok: true };
}
