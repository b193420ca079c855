import { findElement } from '../blocks/walk.ts';
import { type Fields, fieldsIn, fieldsOf } from '../json.ts';
import { interaction, messageContainer, viewContainer, wholeMessage } from '../payloads.ts';
import { ask } from '../transports.ts';
import type { World } from '../world.ts';
import { placeOf, suggestionKey, type Touch } from './action.ts';
import { errorOf, failed, type Outcome } from './outcome.ts';

const most = 100;

/** Asks the app for the options of an external select, and remembers them for the choice that follows. */
export async function suggest(
  world: World,
  user: string,
  touch: Touch,
  query: string,
): Promise<Outcome & { options?: Fields[]; option_groups?: Fields[] }> {
  const place = placeOf(world, user, touch.container);
  const element = place && findElement(place.blocks, touch.block_id, touch.action_id)?.element;
  if (!place || !element) return failed('no_such_element');
  const shortest = element['min_query_length'] ?? 3;
  if (typeof shortest === 'number' && query.length < shortest) return { ok: true, options: [] };
  const where =
    place.kind === 'view'
      ? viewContainer(world, place.record)
      : { ...messageContainer(place.channel, place.message), ...wholeMessage(world, place.channel, place.message) };
  const asked = {
    ...interaction(world, 'block_suggestion', user),
    ...where,
    action_id: touch.action_id,
    block_id: touch.block_id,
    value: query,
  };
  const answer = await ask(world, 'interactive', asked, true);
  if (answer.kind !== 'acked') return failed(errorOf(answer) ?? '');
  const body = fieldsOf(answer.body);
  const groups = fieldsIn(body['option_groups']);
  const grouped = groups.flatMap((group) => fieldsIn(group['options']));
  const options = [...fieldsIn(body['options']), ...grouped];
  if (options.length > most) return failed('too_many_options');
  const key = suggestionKey(touch.container, touch.block_id, touch.action_id);
  world.suggested.set(key, [...(world.suggested.get(key) ?? []), ...options]);
  return { ok: true, options, option_groups: groups };
}
