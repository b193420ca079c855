import { csv } from '../../../lib/csv.ts';
import type { Digest } from '../digest/views.ts';

/** A heading a run, a list a kind of thing; what people wrote can make neither headings nor links. */
export function markdownOf(title: string, all: readonly Digest[]): string {
  return [`# ${title}`, ...all.map(runText)].join('\n\n').concat('\n');
}

function runText({ ritual, team, run, said, away, missing, facts }: Digest): string {
  const rows = (name: string, texts: readonly string[]) =>
    texts.length > 0 ? [`### ${name}`, texts.map((text) => `- ${plainText(text)}`).join('\n')] : [];
  const by = (what: 'done' | 'plan') =>
    said.flatMap(({ name, answer }) => answer[what].map(({ text }) => `${text} (${name})`));
  return [
    `## ${run.date}: ${plainText(ritual.name)}, ${plainText(team.name)}`,
    run.state === 'missed'
      ? 'It was missed: nothing ran then.'
      : `${said.length} answered, ${away.length} away, ${missing} not.`,
    ...rows(
      'Off goal',
      facts.offGoal.map(({ words }) => words),
    ),
    ...rows(
      'Releases and rollbacks',
      facts.releases.map(({ words }) => words),
    ),
    ...rows(
      'Data',
      facts.data.map(({ words }) => words),
    ),
    ...rows(
      'In the way',
      said.filter(({ answer }) => answer.obstacle !== '').map(({ name, answer }) => `${answer.obstacle} (${name})`),
    ),
    ...rows('Planned', by('plan')),
    ...rows('Done', by('done')),
    ...rows(
      'To the next zone',
      said.filter(({ answer }) => answer.note !== '').map(({ name, answer }) => `${answer.note} (${name})`),
    ),
  ].join('\n\n');
}

function plainText(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|!~]/g, String.raw`\$&`);
}

/** A row each thing that was said. */
export function csvOf(all: readonly Digest[]): string {
  const rows = all.flatMap(({ ritual, team, run, said, models }) =>
    said.flatMap(({ name, answer }) => {
      const cells = (kind: string, text: string, model = '') => [
        run.date,
        team.name,
        ritual.name,
        name,
        kind,
        model,
        text,
      ];
      return [
        ...answer.done.map(({ text, modelId }) => cells('done', text, models.get(modelId ?? ''))),
        ...answer.plan.map(({ text, modelId }) => cells('plan', text, models.get(modelId ?? ''))),
        ...(answer.obstacle === '' ? [] : [cells('obstacle', answer.obstacle)]),
        ...(answer.note === '' ? [] : [cells('note', answer.note)]),
      ];
    }),
  );
  const head = ['date', 'team', 'ritual', 'person', 'kind', 'model', 'text'];
  return csv([head, ...rows]);
}
