import type { BlockSuggestion, Middleware, SlackOptionsMiddlewareArgs } from '@slack/bolt';
import { lookupId, option } from '../slack/fields.ts';
import { report } from './failures.ts';
import type { House } from './patience.ts';
import { Suggestion, workspaceOf } from './payloads.ts';

/** A list that cannot be made is an empty one: Slack shows no other answer. */
export function answerLookup(house: House): Middleware<SlackOptionsMiddlewareArgs<'block_suggestion'>> {
  const doors = new Map(
    house.doors.flatMap((each) => each.lookups ?? []).map((door) => [lookupId(door.kind), door] as const),
  );
  return async ({
    body,
    ack,
  }: {
    body: BlockSuggestion;
    ack: SlackOptionsMiddlewareArgs<'block_suggestion'>['ack'];
  }) => {
    const suggestion = Suggestion.parse(body);
    const door = doors.get(suggestion.action_id);
    const ctx = house.contextFor(workspaceOf.suggestion(suggestion));
    try {
      const found = door && ctx ? await door.find(ctx, { id: suggestion.user.id }, suggestion.value) : [];
      await ack({ options: found.slice(0, 100).map(option) });
    } catch (error) {
      report(house.log, error, { part: 'lookup' });
      await ack({ options: [] });
    }
  };
}
