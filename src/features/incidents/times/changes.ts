import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import type { Times } from '../milestones.ts';
import { lockIncident, milestonesOf } from '../queries.ts';
import type { MilestoneName } from '../schema.ts';
import { change, dropMilestone, note, setMilestone, tell } from '../store.ts';

/** Puts times right; each change says what it was before. `times` holds what shall stand; what is missing is unknown. */
export function correctTimes(
  ctx: Context,
  id: string,
  names: readonly MilestoneName[],
  times: Times,
  by: string,
  isOnsetUnknown = false,
) {
  if (isOnsetUnknown && times.onset)
    throw new Refusal('Nobody can know it, and here it stands. Leave the best guess empty.', { field: 'onset' });
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, id, by);
    const before = new Map((await milestonesOf(ctx, id)).map(({ name, at }) => [name, at]));
    for (const name of names) {
      const [was, at] = [before.get(name), times[name]];
      // A minute is what the form shows: a time that reads the same is left as it is.
      if (Math.floor((was?.getTime() ?? 0) / 60_000) === Math.floor((at?.getTime() ?? 0) / 60_000)) continue;
      await (at ? setMilestone(ctx, incident, { name, at, source: 'human', by }) : dropMilestone(ctx, incident, name));
      const said = `${was?.toISOString() ?? 'not known'} → ${at?.toISOString() ?? 'not known'}`;
      note(ctx, incident, by, 'time_corrected', `incident ${incident.number}: ${name.replaceAll('_', ' ')} ${said}`);
    }
    if (isOnsetUnknown && !incident.isOnsetUnknown)
      note(ctx, incident, by, 'time_corrected', `incident ${incident.number}: nobody can know when it began`);
    const onset = times.onset ?? incident.onset;
    return await tell(ctx, await change(ctx, incident, { onset, isOnsetUnknown }));
  });
}
