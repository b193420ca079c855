import { z } from 'zod';
import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onEvent, onForm, onMessageEvent, onShortcut, onWork } from '../../doors.ts';
import { parseOrRefuse, Refusal } from '../../lib/refusal.ts';
import { correctable, timesForm, timesModal } from '../incidents/forms.ts';
import { clockWarnings, disorder, readTime, timesOf } from '../incidents/milestones.ts';
import {
  incidentById,
  incidentIn,
  incidentNumbered,
  lockIncident,
  milestonesOf,
  openIncidents,
} from '../incidents/queries.ts';
import { keepReaction } from '../incidents/timeline/changes.ts';
import { timelineOf } from '../incidents/timeline/queries.ts';
import type { Incident } from '../incidents/schema.ts';
import { checkedEvidence } from '../incidents/timeline/rules.ts';
import { lineTags } from '../incidents/timeline/schema.ts';
import { readable } from '../../slack/mrkdwn.ts';
import { namesIn } from '../teams/queries.ts';
import { checkMember } from '../teams/store.ts';
import { add, change, correct, drop, edited, keep, readNext, removed, write } from './changes.ts';
import { lineForm, lineModal, pickForm, pickModal } from './forms.ts';
import { added, timelineModal } from './views.ts';

/** Of a message; reactions to files have neither channel nor ts. */
const Reaction = z.object({
  user: z.string(),
  reaction: z.string(),
  item: z.object({ channel: z.string().default(''), ts: z.string().default('') }),
});
const Edited = z.object({
  subtype: z.literal('message_changed'),
  channel: z.string(),
  message: z.object({ ts: z.string(), text: z.string().default(''), subtype: z.string().optional() }),
});
const Removed = z.object({ subtype: z.literal('message_deleted'), channel: z.string(), deleted_ts: z.string() });
/** A message with replies is not deleted: it changes into a tombstone. */
const tombstone = 'tombstone';

const Number = z.object({
  incident: z.coerce.number('Say the number of the incident, as in /ml incident timeline 7.').int().positive(),
});
const Words = Number.extend({
  words: z.string('Say what happened, as in /ml incident note 7 The feed is back.').min(1).max(1500),
});

export const timelines: Doors = {
  commands: [
    onCommand('incident timeline <incident>', 'What happened: show, hide, retime, tag', async (ctx, who, words) => {
      const { id } = await incidentNumbered(ctx, parseOrRefuse(Number, words).incident, who.id);
      return { open: await shown(ctx, id, 0, who.id) };
    }),
    onCommand(
      'incident note <incident> [words…]',
      'Add a line to the timeline of an incident',
      async (ctx, who, typed) => {
        const { incident: number, words } = parseOrRefuse(Words, typed);
        const incident = await incidentNumbered(ctx, number, who.id);
        await write(ctx, incident.id, words, who.id);
        return { say: added(incident, true) };
      },
      checkMember,
    ),
    onCommand('incident times <incident>', 'Put the times of an incident right', async (ctx, who, words) => ({
      open: await times(ctx, await incidentNumbered(ctx, parseOrRefuse(Number, words).incident, who.id)),
    })),
  ],
  shortcuts: [
    onShortcut(
      { id: 'timeline.add', name: 'Add to timeline', description: 'Puts this message into the story of an incident' },
      async (ctx, who, message) => {
        const here = await incidentIn(ctx, message.channel, who.id);
        if (here) return { say: added(here, await add(ctx, here.id, message, who.id)) };
        const open = await openIncidents(ctx, who.id);
        if (open.length === 0) throw new Refusal('No incident is open, so there is no timeline to add it to.');
        return { open: pickModal(message, readable(message.text, await namesIn(ctx, message.text)), open) };
      },
      checkMember,
    ),
  ],
  actions: [
    onAction(actions.showTimeline, async (ctx, who, { incidentId, page }) => ({
      open: await shown(ctx, incidentId, page, who.id),
    })),
    onAction(actions.editTimelineLine, async (ctx, who, { incidentId, page, line }) => {
      const incident = await incidentById(ctx, incidentId, who.id);
      const found = (await timelineOf(ctx, incident, ctx.now())).find((each) => each.line === line);
      if (!found) throw new Refusal('That line is no longer in the timeline.');
      return { open: lineModal(incident, page, found) };
    }),
    onAction(actions.incidentTimes, async (ctx, who, { incidentId }) => ({
      open: await times(ctx, await incidentById(ctx, incidentId, who.id)),
    })),
  ],
  forms: [
    onForm(
      lineForm,
      async (ctx, who, { carries: { incidentId, line, page, seen }, values }) => {
        const wish = {
          isHidden: values.shown === 'no',
          title: values.title === '' ? null : values.title,
          at: readTime(values.at ?? '', 'at', ctx.now()) ?? null,
          tag: lineTags.find((each) => each === values.tag) ?? null,
          evidence: checkedEvidence(values.evidence),
        };
        await change(ctx, incidentId, line, { ...wish, seen }, who.id);
        return { open: await shown(ctx, incidentId, page, who.id) };
      },
      checkMember,
    ),
    onForm(
      pickForm,
      async (ctx, who, { carries, values }) => {
        const incident = await incidentById(ctx, values.incident, who.id);
        return { say: added(incident, await add(ctx, incident.id, carries, who.id)) };
      },
      checkMember,
    ),
    onForm(
      timesForm,
      async (ctx, who, { carries: { incidentId, revision }, values }) => {
        const { revision: now } = await lockIncident(ctx, incidentId, who.id);
        if (now !== revision)
          throw new Refusal('Somebody changed this incident while you wrote. Close this and open it again.');
        const read = correctable.flatMap((name) => {
          const at = readTime(values[name] ?? '', name, ctx.now());
          return at ? [[name, at] as const] : [];
        });
        const isUnknown = values.began === 'unknown';
        await correct(ctx, incidentId, correctable, Object.fromEntries(read), who.id, isUnknown);
      },
      checkMember,
    ),
  ],
  events: [
    onEvent('reaction_added', Reaction, async (ctx, { user, reaction, item }) => {
      if (reaction === keepReaction) await keep(ctx, item, user);
    }),
    onEvent('reaction_removed', Reaction, async (ctx, { user, reaction, item }) => {
      if (reaction === keepReaction) await drop(ctx, item, user);
    }),
    onMessageEvent(Edited, async (ctx, { channel, message: { ts, text, subtype } }) => {
      await (subtype === tombstone ? removed(ctx, { channel, ts }) : edited(ctx, { channel, ts }, text));
    }),
    onMessageEvent(Removed, async (ctx, { channel, deleted_ts: ts }) => await removed(ctx, { channel, ts })),
  ],
  workers: [onWork('incident.read', readNext)],
};

async function times(ctx: Context, incident: Incident) {
  const milestones = await milestonesOf(ctx, incident.id);
  const known = timesOf(milestones);
  return timesModal(incident, known, [...disorder(known, incident.kind), ...clockWarnings(milestones)]);
}

async function shown(ctx: Context, id: string, page: number, viewer: string) {
  const incident = await incidentById(ctx, id, viewer);
  return timelineModal(incident, await timelineOf(ctx, incident, ctx.now()), page);
}
