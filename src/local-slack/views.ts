import { isTooLarge, viewProblems } from './blocks/validate.ts';
import { normaliseBlocks, normaliseText } from './blocks/normalise.ts';
import type { ViewRecord } from './data.ts';
import { newHash, newId } from './ids.ts';
import { startingValues } from './inputs.ts';
import { type Fields, fieldsIn, fieldsOf, listOf, textOf } from './json.ts';
import { pictureCheck, refuseProblems } from './posting.ts';
import { refuse } from './refusal.ts';
import { changed, type World } from './world.ts';
import { written } from './writes.ts';

const deepest = 3;

export function blocksOf(record: ViewRecord): Fields[] {
  return fieldsIn(record.view['blocks']);
}

export function stackOf(world: World, user: string): ViewRecord[] {
  return (world.stacks.get(user) ?? []).map((id) => world.modals.get(id)).filter((record) => record !== undefined);
}

export function viewById(world: World, id: string): ViewRecord | undefined {
  return world.modals.get(id) ?? Object.values(world.data.homes).find((record) => record.id === id);
}

export function viewByExternalId(world: World, externalId: string): ViewRecord | undefined {
  const all = [...world.modals.values(), ...Object.values(world.data.homes)];
  return externalId === '' ? undefined : all.find((record) => record.externalId === externalId);
}

/** The view as it will be kept; refuses what Slack refuses. */
export function checkedView(
  world: World,
  about: { method: string; kind: 'modal' | 'home' },
  given: unknown,
  self?: string,
): Fields {
  return written(world, about, given, () => keptView(world, about.kind, given, self));
}

function keptView(world: World, kind: 'modal' | 'home', given: unknown, self: string | undefined): Fields {
  const problems = viewProblems(given, [kind], pictureCheck(world));
  refuseProblems('invalid_arguments', problems);
  if (isTooLarge(given)) refuse('view_too_large');
  const view = fieldsOf(given);
  const same = viewByExternalId(world, textOf(view['external_id']));
  if (same && same.id !== self) refuse('duplicate_external_id');
  return {
    type: view['type'],
    title: normaliseText(view['title']),
    submit: normaliseText(view['submit']),
    close: normaliseText(view['close']),
    blocks: normaliseBlocks(listOf(view['blocks'])),
    private_metadata: textOf(view['private_metadata']),
    callback_id: textOf(view['callback_id']),
    external_id: textOf(view['external_id']),
    clear_on_close: view['clear_on_close'] === true,
    notify_on_close: view['notify_on_close'] === true,
    submit_disabled: view['submit_disabled'] === true,
  };
}

export function newRecord(world: World, user: string, view: Fields, previous?: ViewRecord): ViewRecord {
  const id = newId(world, 'V');
  return {
    id,
    user,
    view,
    values: startingValues(fieldsIn(view['blocks'])),
    hash: newHash(world),
    externalId: textOf(view['external_id']),
    rootId: previous?.rootId ?? id,
    previousId: previous?.id ?? null,
  };
}

export function pushView(world: World, user: string, view: Fields): ViewRecord {
  const stack = world.stacks.get(user) ?? [];
  if (stack.length >= deepest) refuse('push_limit_reached');
  const record = newRecord(world, user, view, stackOf(world, user).at(-1));
  world.modals.set(record.id, record);
  world.stacks.set(user, [...stack, record.id]);
  changed(world, [user]);
  return record;
}

export function replaceView(world: World, record: ViewRecord, view: Fields): void {
  record.values = startingValues(fieldsIn(view['blocks']), record.values);
  record.view = view;
  record.externalId = textOf(view['external_id']);
  record.hash = newHash(world);
  record.errors = undefined;
  changed(world, [record.user]);
}

/** Takes views off the top of the stack, down to and without `record`. */
export function removeView(world: World, record: ViewRecord): void {
  world.modals.delete(record.id);
  const left = (world.stacks.get(record.user) ?? []).filter((id) => id !== record.id);
  world.stacks.set(record.user, left);
  changed(world, [record.user]);
}

export function clearStack(world: World, user: string): ViewRecord[] {
  const closed = stackOf(world, user).toReversed();
  for (const record of closed) removeView(world, record);
  return closed;
}

export function wireView(world: World, record: ViewRecord): Fields {
  return {
    id: record.id,
    team_id: world.team.id,
    ...record.view,
    state: { values: record.values },
    hash: record.hash,
    root_view_id: record.rootId,
    previous_view_id: record.previousId,
    app_id: world.app.id,
    app_installed_team_id: world.team.id,
    bot_id: world.app.botId,
  };
}
