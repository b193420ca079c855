import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, divider, fields, footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { clip, limits } from '../../slack/limits.ts';
import {
  channelLink,
  join,
  lines,
  linkTo,
  md,
  type Mrkdwn,
  naming,
  person,
  plural,
  when,
  withStop,
} from '../../slack/mrkdwn.ts';
import type { Frozen } from '../incidents/frozen/schema.ts';
import { frozenBlocks } from '../incidents/frozen/views.ts';
import type { Incident } from '../incidents/schema.ts';
import type { TimelineLine } from '../incidents/timeline/queries.ts';
import { tagWords, whoWords } from '../incidents/timeline/rules.ts';
import { commitmentLine } from './commitments/views.ts';
import { durationWords, isOneAnswer, type SectionName } from './draft.ts';
import {
  categoryWords,
  type PageName,
  pageNames,
  pages,
  pageTitles,
  readSection,
  sectionTitles,
} from './writing/rules.ts';
import { missing, stateOf, type Whole } from './rules.ts';
import type { Postmortem } from './schema.ts';
import type { Past } from './similar/queries.ts';
import { pastLine } from './similar/views.ts';
import type { VoiceCounts } from './voices/rules.ts';
import { voicesBlocks } from './voices/views.ts';

const mostLines = 20;
/** Of one section on the card; the whole of it stands in the form. */
const mostShown = 700;

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
  /** Of the incident. */
  readonly number: number;
  /** Past ones that it names. */
  readonly similar: readonly Past[];
  /** The measures as they were at its beginning and its end. */
  readonly frozen: readonly Frozen[];
}

export function postmortemCard(postmortem: Postmortem, whole: Whole, around: Around): Message {
  const { writers, timeline, number, similar, frozen } = around;
  const { document, state } = postmortem;
  const { resolved } = document;
  const isOver = state === 'closed' || state === 'not_required';
  const people = writers.filter((each) => each !== 'pitcrew');
  return message(
    fullSentence(postmortem, whole),
    section(md`:memo: *Post-mortem – ${document.title}* (${stateOf(postmortem)})`),
    fields(
      md`*Model*\n${document.model}, version ${document.version ?? 'not known'}`,
      md`*Severity*\n${document.severity.toUpperCase()}`,
      md`*From onset to end*\n${resolved ? durationWords(document.began, resolved) : 'not ended'}`,
      md`*From declared to end*\n${resolved ? durationWords(document.declared, resolved) : 'not ended'}`,
      md`*Sees to it*\n${person(postmortem.ownerId)}, until ${when(postmortem.dueAt, '{date_short}')}`,
      ...(postmortem.meetingAt ? [md`*Meeting*\n${when(postmortem.meetingAt)}`] : []),
      md`*Runs it*\n${postmortem.facilitatorId ? person(postmortem.facilitatorId) : 'nobody yet: somebody who was not in the incident'}`,
    ),
    ...frozenBlocks(frozen),
    ...pageNames.flatMap((page) => pageBlocks(postmortem, whole, page, isOver)),
    section(
      lines(
        md`*Contributing factors*`,
        ...(whole.factors.length === 0
          ? [md`_None yet. Conditions, not people: what let it happen, what hid it._`]
          : whole.factors.map(
              ({ category, statement }) => md`• *${categoryWords[category]}*: ${clip(statement, 300)}`,
            )),
      ),
    ),
    section(
      lines(
        md`*Commitments*`,
        ...(whole.commitments.length === 0
          ? [md`_None yet. Each has an owner, a day, and a way to tell that it worked._`]
          : whole.commitments.slice(0, 10).map((each) => md`• ${commitmentLine(each)}`)),
      ),
    ),
    ...similarBlocks(postmortem, similar, isOver),
    divider(),
    ...timelineSections(timeline, number),
    ...cardButtons(postmortem),
    ...voicesBlocks(postmortem, around.voices),
    footnote(
      md`${people.length > 0 ? md`Written by ${join(people.map(person), ', ')}. ` : ''}The timeline comes from the ledger and from what was pinned. Say what happened and why it made sense then; who is to blame is not asked here.`,
    ),
  );
}

function pageBlocks({ id }: Postmortem, { sections }: Whole, page: PageName, isOver: boolean) {
  const written = pages[page].filter((name: SectionName) => sections[name]);
  const label = page === 'story' ? 'Write' : `Write: ${pageTitles[page]}`;
  return [
    ...(written.length === 0
      ? [section(md`*${pageTitles[page]}*\n_Not written yet._`)]
      : inSections(written.map((name) => sectionWords(name, sections[name] ?? '')))),
    !isOver && buttons(button(label, actions.writePostmortem, { postmortemId: id, page })),
  ];
}

function similarBlocks({ id: postmortemId }: Postmortem, similar: readonly Past[], isOver: boolean) {
  const none = md`_None that everybody may see looks like it._`;
  return [
    ...inSections([md`*Similar before*`, ...(similar.length === 0 ? [none] : similar.map(pastLine))]),
    !isOver && buttons(button('Choose similar', actions.chooseSimilar, { postmortemId })),
  ];
}

/** What is one answer of a list stands beside its title, what was written below it. */
function sectionWords(name: SectionName, text: string): Mrkdwn {
  const short = isOneAnswer(name);
  return md`*${sectionTitles[name]}*${short ? ': ' : '\n'}${clip(readSection(name, text), mostShown)}`;
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

export function reviewMessage({ ownerId, facilitatorId }: Postmortem): Message {
  return sentence(
    md`:eyes: The post-mortem is ready to be read. ${facilitatorId ? person(facilitatorId) : 'Somebody'}, please talk it through with everybody who was there, then press *Reviewed*. ${person(ownerId)} cannot press it.`,
  );
}

export function dueReminder({ ownerId, dueAt, document }: Postmortem, whole: Whole, isLate: boolean): Message {
  const open = missing(whole);
  const till = isLate ? md`was due ${when(dueAt, '{date_short}')}` : md`is due ${when(dueAt, '{date_short}')}`;
  return sentence(
    md`:hourglass_flowing_sand: ${person(ownerId)}, the post-mortem of "${document.title}" ${till}. ${open.length > 0 ? md`Next: ${open[0] ?? ''}` : 'Next: ask for a review, or close it.'}`,
  );
}

/** The newest lines; the whole of it, with what is hidden, is one command away. */
function timelineSections(timeline: readonly TimelineLine[], number: number) {
  const all = timeline.filter(({ isHidden }) => !isHidden);
  const shown = all.slice(-mostLines);
  const left = all.length - shown.length;
  const head = md`*Timeline*${left > 0 ? md` _(${left} earlier lines: \`/ml incident timeline ${number}\`)_` : ''}`;
  return inSections([head, ...shown.map(line)]);
}

function line({ at, who, text, tag, evidence, isChanged }: TimelineLine): Mrkdwn {
  const mark = tag ? md`*${tagWords[tag].name}:* ` : md``;
  const changed = isChanged ? md` _(changed since)_` : md``;
  const shown = evidence === null ? md`` : md` (${linkTo(evidence, 'what shows it') ?? evidence})`;
  return md`${when(at, '{date_num} {time_secs}')} – ${person(whoWords(who))}: ${mark}${naming(clip(text, 300))}${shown}${changed}`;
}

/** As many lines a section as Slack takes. */
function inSections(all: readonly Mrkdwn[]) {
  const groups: Mrkdwn[][] = [[]];
  let length = 0;
  for (const each of all) {
    if (length + each.mrkdwn.length + 1 > limits.sectionText) {
      groups.push([]);
      length = 0;
    }
    groups.at(-1)?.push(each);
    length += each.mrkdwn.length + 1;
  }
  return groups.map((group) => section(join(group, '\n')));
}
