import { isSkewed, milestoneWords, timesOf } from '../incidents/milestones.ts';
import { standWords, thresholdWords } from '../incidents/frozen/rules.ts';
import { milestoneNames } from '../incidents/schema.ts';
import { whoWords } from '../incidents/timeline/rules.ts';
import { priorityWords } from '../postmortems/commitments/rules.ts';
import { isChannel } from '../postmortems/hearing/rules.ts';
import type { SectionName } from '../postmortems/draft.ts';
import { questionWords, shownOf } from '../postmortems/poll/rules.ts';
import { pollQuestions } from '../postmortems/poll/schema.ts';
import { categoryWords, pageNames, pages, readSection, sectionTitles } from '../postmortems/writing/rules.ts';
import { stateOf } from '../postmortems/rules.ts';
import type { Source } from './queries.ts';
import { byName, byRole, type Namer } from './naming/rules.ts';
import { canvasHeading, canvasMarkdown, markdownOf } from './markdown/rules.ts';
import { type Exported } from './rules.ts';

export type ExportKind = 'named' | 'roles' | 'json';

/** One post-mortem as a file. */
export function fileOf(source: Source, kind: ExportKind): { name: string; title: string; text: string } {
  const exported = exportOf(source, kind === 'roles' ? byRole(source.names, partsOf(source)) : byName(source.names));
  const { number } = source.incident;
  const title = `Post-mortem of incident ${number}`;
  if (kind === 'json')
    return { name: `post-mortem-${number}.json`, title, text: `${JSON.stringify(exported, null, 2)}\n` };
  const name = `post-mortem-${number}${kind === 'roles' ? '-roles' : ''}.md`;
  return { name, title, text: markdownOf(exported, (milestone) => milestoneWords[milestone]) };
}

/** The same as a canvas, for the people of its channel: by name, and without what only a file needs. */
export function canvasOf(source: Source): { heading: string; title: string; markdown: string } {
  const exported = exportOf(source, byName(source.names));
  const heading = canvasHeading(source.incident.number);
  const markdown = canvasMarkdown(exported, (milestone) => milestoneWords[milestone], stateOf(source.postmortem));
  return { heading, title: `Post-mortem of incident ${source.incident.number}`, markdown };
}

/** Who took part, by what they were there. */
function partsOf({ postmortem, roles, timeline, whole, hearers }: Source) {
  const held = roles.flatMap(({ holder, role }) => (holder ? [{ personId: holder, role }] : []));
  const led = [
    ...held,
    ...(postmortem.facilitatorId ? [{ personId: postmortem.facilitatorId, role: 'facilitator' as const }] : []),
    { personId: postmortem.ownerId, role: 'owner' as const },
  ];
  return {
    roles: led,
    hearers: hearers.map(({ audience }) => audience).filter((each) => !isChannel(each)),
    others: [...timeline.map(({ who }) => who), ...whole.commitments.map(({ ownerId }) => ownerId)],
  };
}

function exportOf(
  {
    incident,
    postmortem,
    model,
    whole,
    milestones,
    frozen,
    poll,
    similar,
    timeline,
    rollbacks,
    hearers,
    further,
    notices,
  }: Source,
  namer: Namer,
): Exported {
  const { person, words } = namer;
  const times = timesOf(milestones);
  const names = pageNames.flatMap((page): readonly SectionName[] => pages[page]);
  const { number, title, kind, severity, worst, version, state } = incident;
  return {
    format: 1,
    incident: {
      number,
      title: words(title),
      kind,
      severity,
      worst,
      model: model.name,
      alsoAffected: further.map(({ name }) => name),
      version,
      state,
    },
    state: postmortem.state,
    owner: person(postmortem.ownerId),
    facilitator: postmortem.facilitatorId ? person(postmortem.facilitatorId) : null,
    due: postmortem.dueAt.toISOString(),
    meeting: postmortem.meetingAt?.toISOString() ?? null,
    milestones: Object.fromEntries(
      milestoneNames.flatMap((name) => {
        const at = times[name];
        return at ? [[name, at.toISOString()]] : [];
      }),
    ),
    received: Object.fromEntries(
      milestones.filter(isSkewed).map(({ name, receivedAt }) => [name, receivedAt?.toISOString()]),
    ),
    onsetUnknown: incident.isOnsetUnknown,
    sections: names.flatMap((id) => {
      const text = whole.sections[id];
      return text ? [{ id, title: sectionTitles[id], text: words(readSection(id, text)) }] : [];
    }),
    factors: whole.factors.map(({ category, statement, evidence }) => ({
      category,
      where: categoryWords[category],
      statement: words(statement),
      evidence: words(evidence),
    })),
    commitments: whole.commitments.map(
      ({ number, text, type, ownerId, due, verification, state, priority, evidence, tracker }) => ({
        number,
        text: words(text),
        type,
        owner: person(ownerId),
        due,
        verification: words(verification),
        state,
        priority,
        urgency: priorityWords[priority],
        evidence: evidence === null ? null : words(evidence),
        tracker,
      }),
    ),
    measures: frozen.map(({ moment, takenAt, series }) => ({
      moment,
      taken: takenAt.toISOString(),
      title: series.title,
      metric: series.metric,
      column: series.column,
      stood: standWords(series),
      rule: thresholdWords(series),
      limit: series.limit,
      baseline: series.baseline,
      values: series.points.map(([at, value]) => ({ at: new Date(at).toISOString(), value })),
    })),
    rollbacks: rollbacks.map(({ number, proposed, approved, executed, observed }) => ({
      number,
      proposed: proposed.toISOString(),
      approved: approved?.toISOString() ?? null,
      executed: executed?.toISOString() ?? null,
      observed: observed?.toISOString() ?? null,
    })),
    hearers: hearers.map(({ audience, toldAt }) => ({
      who: isChannel(audience) ? `channel ${audience}` : person(audience),
      told: toldAt?.toISOString() ?? null,
    })),
    notices: notices.map(({ at, by, text }) => ({ at: at.toISOString(), by: person(by), text: words(text) })),
    poll: pollSaid(poll),
    similar: similar.map(({ number, title, model, worked, category, factor }) => ({
      number,
      title: words(title),
      model,
      worked: worked === null ? null : words(worked),
      where: category === null ? null : categoryWords[category],
      factor: factor === null ? null : words(factor),
    })),
    timeline: timeline
      .filter(({ isHidden }) => !isHidden)
      .map(({ at, who, text, tag, evidence }) => ({
        at: at.toISOString(),
        who: person(whoWords(who)),
        text: words(text),
        tag: tag ?? null,
        // An address that names somebody is left out where nobody is named.
        evidence: evidence === null || words(evidence) !== evidence ? null : evidence,
      })),
  };
}

/** Only what is left of it at its end: numbers that still move would say whose answer came between two files. */
function pollSaid(poll: Source['poll']): Exported['poll'] {
  if (!poll?.closedAt || !poll.counts) return null;
  const { counts } = poll;
  const answers = pollQuestions.map((each) => ({ asked: questionWords[each], said: shownOf(counts, each) ?? null }));
  return { closed: poll.closedAt.toISOString(), answers };
}
