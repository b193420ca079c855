import type { Button } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, divider, fields, footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { clip } from '../../slack/limits.ts';
import { channelLink, join, lines, md, type Mrkdwn, person, plural, when, withStop } from '../../slack/mrkdwn.ts';
import type { Frozen } from '../incidents/frozen/schema.ts';
import { frozenBlocks } from '../incidents/frozen/views.ts';
import { milestoneWords, type Times } from '../incidents/milestones.ts';
import { type Incident, milestoneNames } from '../incidents/schema.ts';
import type { TimelineLine } from '../incidents/timeline/queries.ts';
import type { Model } from '../models/schema.ts';
import { commitmentLine } from './commitments/views.ts';
import { durationWords } from './draft.ts';
import type { Hearer } from './hearing/schema.ts';
import { hearersBlocks } from './hearing/views.ts';
import type { RolledBack } from './mitigation/rules.ts';
import { rollbackBlocks } from './mitigation/views.ts';
import { missing, stateOf, type Whole } from './rules.ts';
import type { Postmortem } from './schema.ts';
import type { Past } from './similar/queries.ts';
import { similarBlocks } from './similar/views.ts';
import { timelineSections } from './timeline/views.ts';
import type { VoiceCounts } from './voices/rules.ts';
import { voicesBlocks } from './voices/views.ts';
import { type PageName, pageNames } from './writing/rules.ts';
import { factorsBlock, pageBlocks } from './writing/views.ts';

export function started(incident: Incident): Message {
  const where = incident.channel ? channelLink(incident.channel) : md`the model's channel`;
  return sentence(md`:memo: The post-mortem of incident ${incident.number} is drafted in ${where}. Press Write there.`);
}

/** To whoever sees to it, when nobody pressed the button. */
export function begunForYou(incident: Incident, { dueAt }: Postmortem, isLeader: boolean): Message {
  const why = isLeader ? 'You led it' : incident.isPrivate ? 'You declared it' : 'You own its model';
  const where = incident.channel ? md` in ${channelLink(incident.channel)}` : md``;
  return sentence(
    md`:memo: Incident ${incident.number}, “${incident.title}”, was resolved ${when(incident.resolvedAt ?? incident.declaredAt)}, and nobody has looked back yet. So I began its post-mortem${where}, with what is on record. ${why}, so please see to it until ${when(dueAt, '{date_short}')}. Next: press *Write* there. If there is nothing to learn, somebody else can press *Not needed*.`,
  );
}

export interface Around {
  readonly writers: readonly string[];
  /** As it was curated, hidden lines too. */
  readonly timeline: readonly TimelineLine[];
  /** How much was said without a name. */
  readonly voices: VoiceCounts;
  readonly incident: Incident;
  /** As they stand now, also where they were put right later. */
  readonly times: Times;
  readonly rollbacks: readonly RolledBack[];
  /** Models that were affected beside its own. */
  readonly further: readonly Model[];
  /** Who has to hear that predictions were wrong. */
  readonly hearers: readonly Hearer[];
  /** Past ones that it names. */
  readonly similar: readonly Past[];
  /** The measures as they were at its beginning and its end. */
  readonly frozen: readonly Frozen[];
}

export function postmortemCard(postmortem: Postmortem, whole: Whole, around: Around): Message {
  const { writers, timeline, incident, similar, frozen, rollbacks, hearers } = around;
  const { state } = postmortem;
  const isOver = state === 'closed' || state === 'not_required';
  const people = writers.filter((each) => each !== 'pitcrew');
  const also = isOver ? {} : besides(postmortem, whole);
  return message(
    fullSentence(postmortem, whole),
    headline(postmortem, incident),
    facts(postmortem, around),
    timesBlock(around),
    ...frozenBlocks(frozen),
    ...pageNames.flatMap((page) => [
      ...pageBlocks(postmortem, whole.sections, { page, isOver, also: also[page] ?? [] }),
      ...(page === 'response' ? [...rollbackBlocks(rollbacks), ...hearersBlocks(postmortem, hearers, isOver)] : []),
    ]),
    factorsBlock(whole.factors),
    section(
      lines(
        md`*Commitments*`,
        ...(whole.commitments.length === 0
          ? [md`_None yet. Each has an owner, a day, and a way to tell that it worked._`]
          : whole.commitments
              .slice(0, 10)
              .map((each) => md`• ${commitmentLine({ ...each, text: clip(each.text, 120) })}`)),
      ),
    ),
    ...similarBlocks(postmortem, similar, isOver),
    divider(),
    ...timelineSections(timeline, incident.number),
    ...cardButtons(postmortem),
    ...voicesBlocks(postmortem, around.voices),
    footnote(
      md`${people.length > 0 ? md`Written by ${join(people.map(person), ', ')}. ` : ''}The timeline comes from the ledger and from what was pinned. Say what happened and why it made sense then; who is to blame is not asked here.`,
    ),
  );
}

const kindWords = { incident: '', drill: ', a drill', test: ', a test', backfill: ', put on record later' } as const;

function headline(postmortem: Postmortem, { kind, isPrivate }: Incident) {
  const lock = isPrivate ? md`\n:lock: *Private*: only its own people see it.` : md``;
  const { title } = postmortem.document;
  return section(md`:memo: *Post-mortem – ${title}* (${stateOf(postmortem)}${kindWords[kind]})${lock}`);
}

function facts(postmortem: Postmortem, { incident, times, further }: Around) {
  const { model, version } = postmortem.document;
  const { severity, worst } = incident;
  const peak = worst === severity ? '' : `, ${worst.toUpperCase()} at its worst`;
  const { facilitatorId } = postmortem;
  return fields(
    md`*Model*\n${model}, version ${version ?? 'not known'}`,
    ...(further.length > 0 ? [md`*Also affected*\n${further.map(({ name }) => name).join(', ')}`] : []),
    md`*Severity*\n${severity.toUpperCase()}${peak}`,
    md`*From onset to end*\n${between(times.onset, times.resolved)}`,
    md`*From declared to end*\n${between(times.declared, times.resolved)}`,
    md`*Sees to it*\n${person(postmortem.ownerId)}, until ${when(postmortem.dueAt, '{date_short}')}`,
    ...(postmortem.meetingAt ? [md`*Meeting*\n${when(postmortem.meetingAt)}`] : []),
    md`*Runs it*\n${facilitatorId ? person(facilitatorId) : 'nobody yet: somebody who was not in the incident'}`,
  );
}

function between(from: Date | undefined, to: Date | undefined): string {
  if (!from) return 'not known';
  return to ? durationWords(from.toISOString(), to.toISOString()) : 'not ended';
}

/** All that is known, the beginning as an interval where somebody said so. */
function timesBlock({ times, incident }: Around) {
  const known = milestoneNames.flatMap((name) => {
    const at = times[name];
    return at ? [md`• ${milestoneWords[name]}: ${when(at)}`] : [];
  });
  const unknown = incident.isOnsetUnknown && md`• ${milestoneWords.onset}: nobody can know it`;
  return section(lines(md`*Times*`, unknown, ...known));
}

/** What else can be done beside a page. */
function besides({ id: postmortemId, incidentId }: Postmortem, { sections }: Whole) {
  const times = button('Correct times', actions.incidentTimes, { incidentId });
  const promise = button('Promise it', actions.addCommitment, { postmortemId, about: 'gap' });
  const also: Partial<Record<PageName, readonly Button[]>> = {
    impact: [times],
    model: sections.evaluation_gap ? [promise] : [],
  };
  return also;
}

function cardButtons({ id: postmortemId, incidentId, state }: Postmortem) {
  const value = { postmortemId };
  const canvas = button('Canvas', actions.postmortemCanvas, { incidentId });
  const factor = button('Add factor', actions.addFactor, value);
  const commitment = button('Add commitment', actions.addCommitment, value);
  const meeting = button('Plan the meeting', actions.planMeeting, value);
  const people = button('Who runs it', actions.choosePostmortemPeople, value);
  switch (state) {
    case 'draft':
      return [
        buttons(
          factor,
          commitment,
          meeting,
          people,
          button('Ask for review', actions.askForReview, value, { style: 'primary' }),
          canvas,
          button('Not needed', actions.waivePostmortem, value),
        ),
      ];
    case 'in_review':
      return [
        buttons(
          factor,
          commitment,
          meeting,
          people,
          button('Reviewed', actions.postmortemReviewed, value, { style: 'primary' }),
          canvas,
        ),
      ];
    case 'reviewed':
      return [buttons(commitment, button('Close', actions.closePostmortem, value, { style: 'primary' }), canvas)];
    case 'closed':
      return [buttons(canvas)];
    case 'not_required':
      return [];
  }
}

function fullSentence(postmortem: Postmortem, whole: Whole): Mrkdwn {
  const { document, ownerId, state } = postmortem;
  const what = md`The post-mortem for ${document.model}, about ${withStop(md`${document.title}`)}`;
  const open = missing(whole);
  switch (state) {
    case 'draft':
      return open.length > 0
        ? md`${what} ${person(ownerId)}, ${plural(open.length, 'thing is', 'things are')} still missing: ${open[0] ?? ''}`
        : md`${what} ${person(ownerId)}, it is complete: please ask for a review.`;
    case 'in_review':
      return md`${what} It is ready to be read: somebody else than ${person(ownerId)}, please review it.`;
    case 'reviewed':
      return md`${what} It is reviewed: ${person(ownerId)}, please close it.`;
    case 'closed':
      return md`${what} It is closed; ${plural(whole.commitments.filter(({ state }) => state === 'open').length, 'commitment goes', 'commitments go')} on.`;
    case 'not_required':
      return md`${what} It is not needed.`;
  }
}
