import { z } from 'zod';
import type { ViewRecord } from '../data.ts';
import { checkTrigger, useTrigger } from '../triggers.ts';
import { personById } from '../people.ts';
import { refuse, refuseArguments } from '../refusal.ts';
import {
  checkedView,
  clearStack,
  newRecord,
  pushView,
  replaceView,
  stackOf,
  viewByExternalId,
  viewById,
  wireView,
} from '../views.ts';
import { changed, type World } from '../world.ts';
import { json, method, type Method, text } from './method.ts';

const opening = z.object({ trigger_id: z.string(), view: json });

function stale(record: ViewRecord | undefined, hash: string | undefined): void {
  if (hash !== undefined && record?.hash !== hash) refuse('hash_conflict');
}

const open = method({
  tier: 4,
  args: opening,
  run(world, args) {
    const user = checkTrigger(world, args.trigger_id);
    const view = checkedView(world, { method: 'views.open', kind: 'modal' }, args.view);
    useTrigger(world, args.trigger_id);
    clearStack(world, user);
    return { view: wireView(world, pushView(world, user, view)) };
  },
});

const push = method({
  tier: 4,
  args: opening,
  run(world, args) {
    const user = checkTrigger(world, args.trigger_id);
    const view = checkedView(world, { method: 'views.push', kind: 'modal' }, args.view);
    if (stackOf(world, user).length === 0) refuse('not_found');
    const record = pushView(world, user, view);
    useTrigger(world, args.trigger_id);
    return { view: wireView(world, record) };
  },
});

const update = method({
  tier: 4,
  args: z.object({ view_id: text, external_id: text, hash: text, view: json }),
  run(world, args) {
    if (args.view_id === undefined && args.external_id === undefined)
      refuseArguments(['missing required field: view_id']);
    const record =
      args.view_id === undefined ? viewByExternalId(world, args.external_id ?? '') : viewById(world, args.view_id);
    if (!record) return refuse('not_found');
    stale(record, args.hash);
    const kind = record.view['type'] === 'home' ? 'home' : 'modal';
    replaceView(world, record, checkedView(world, { method: 'views.update', kind }, args.view, record.id));
    return { view: wireView(world, record) };
  },
});

function publishFor(world: World, user: string, given: unknown): ViewRecord {
  const before = world.data.homes[user];
  const view = checkedView(world, { method: 'views.publish', kind: 'home' }, given, before?.id);
  if (before) {
    replaceView(world, before, view);
    return before;
  }
  const record = newRecord(world, user, view);
  world.data.homes[user] = record;
  changed(world, [user]);
  return record;
}

const publish = method({
  tier: 4,
  args: z.object({ user_id: z.string(), view: json, hash: text }),
  run(world, args) {
    if (!world.app.homeTab) refuse('not_enabled');
    const person = personById(world, args.user_id);
    if (!person || person.deleted || person.kind === 'bot')
      return refuseArguments(['invalid user_id [json-pointer:/user_id]']);
    if (world.data.homes[person.id]) stale(world.data.homes[person.id], args.hash);
    return { view: wireView(world, publishFor(world, person.id, args.view)) };
  },
});

export const views: Record<string, Method> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
