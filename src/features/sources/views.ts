import type { KnownBlock } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, divider, footnote, header, type Message, message, section } from '../../slack/blocks.ts';
import { clip } from '../../slack/limits.ts';
import { join, lines, md, type Mrkdwn, plural, when, withStop } from '../../slack/mrkdwn.ts';
import { kindsOf } from './kinds.ts';
import type { Connected } from './queries.ts';
import { keptDays } from './rules.ts';
import type { Delivered, Source } from './schema.ts';

/** Shown once, only to the person who asked. */
export function connectedCard(source: Source, url: string, secret: string, model: string | undefined): Message {
  const { label, setup } = kindsOf[source.kind];
  return message(
    md`${label} is connected as ${source.name}. Copy its address and secret now: the secret is shown only this once.`,
    section(md`:electric_plug: *${label} is connected* as \`${source.name}\`${placeWords(source, model)}.`),
    section(setup({ url, secret, isPlaced: model !== undefined })),
    footnote(
      md`The secret is shown only this once: keep it where your tools keep theirs. \`/ml connect show ${source.name}\` says what came in.`,
    ),
  );
}

export function rotatedCard(source: Source, url: string, secret: string, model: string | undefined): Message {
  const until = source.formerUntil ? md` until ${when(source.formerUntil)}` : md``;
  return message(
    md`${source.name} has a new secret, shown only this once. The old one goes on working for 24 hours.`,
    section(md`:key: *${source.name} has a new secret.* The old one goes on working for 24 hours,${until}.`),
    section(kindsOf[source.kind].setup({ url, secret, isPlaced: model !== undefined })),
    footnote(md`The secret is shown only this once. A secret that was replaced before the last one stopped now.`),
  );
}

function placeWords({ environment }: Source, model: string | null | undefined): Mrkdwn {
  return md`${model ? md` for *${model}*` : ''}${environment ? md` in ${environment}` : ''}`;
}

export const mostListed = 20;

export function sourceList(all: readonly Connected[]): Message {
  const connectButton = buttons(button('Connect a tool', actions.connectTool, {}, { style: 'primary' }));
  const hint = footnote(md`Or type \`/ml connect ${'<tool>'} [model] [environment]\`, like \`/ml connect grafana\`.`);
  if (all.length === 0) {
    const nothing = md`No tool is connected yet, so nobody posts to me.`;
    return message(nothing, section(nothing), connectButton, hint);
  }
  const shown = all.slice(0, mostListed);
  const failing = shown.filter(({ last }) => last?.outcome === 'refused').map(({ source }) => source.name);
  return message(
    md`${plural(all.length, 'tool is', 'tools are')} connected${failing.length > 0 ? `; the last delivery was refused of ${failing.join(', ')}` : ''}.`,
    header('Connected tools'),
    ...shown.map(sourceRow),
    all.length > mostListed && footnote(md`There are more than these ${mostListed}: \`/ml connect show ${'<name>'}\`.`),
    connectButton,
    hint,
  );
}

function sourceRow({ source, model, last, lastProblem }: Connected): KnownBlock {
  return {
    ...section(
      lines(
        md`${last === null ? ':white_circle:' : marks[last.outcome]} *${source.name}* (${kindsOf[source.kind].label})${placeWords(source, model)}`,
        last === null
          ? md`Nothing came in the last ${keptDays} days.`
          : md`Last delivery ${when(last.at)}: ${came(last)}`,
        lastProblem !== null && md`Last problem ${when(lastProblem.at)}: ${short(lastProblem.problem)}`,
      ),
    ),
    accessory: button('Show', actions.showSource, { sourceId: source.id }),
  };
}

const marks: Readonly<Record<Delivered['outcome'], string>> = {
  taken: ':white_check_mark:',
  duplicate: ':repeat:',
  refused: ':x:',
};

function came({ outcome, said }: Pick<Delivered, 'outcome' | 'said'>): string {
  switch (outcome) {
    case 'taken':
      return `${plural(said, 'thing')} taken in.`;
    case 'duplicate':
      return 'it came before, so nothing was done.';
    case 'refused':
      return 'refused.';
  }
}

const short = (problem: string) => clip(problem, 200);
const shownBody = 1500;

/** What came in from one tool. A body is what others wrote: it stands in a block that reads nothing into it. */
export function sourceCard(
  source: Source,
  model: string | undefined,
  newest: readonly Delivered[],
  kept: Delivered | undefined,
): Message {
  const rows = newest.map(
    (each) => md`${marks[each.outcome]} ${when(each.at)}: ${came(each)}${each.problem && md` ${short(each.problem)}`}`,
  );
  const { name } = source;
  return message(
    md`${name}: ${newest[0] ? md`the last delivery came ${when(newest[0].at)}, ${withStop(md`${came(newest[0])} ${short(newest[0].problem)}`)}` : 'nothing came in yet.'}`,
    section(md`:electric_plug: *${name}* (${kindsOf[source.kind].label})${placeWords(source, model)}`),
    section(rows.length > 0 ? join(rows, '\n') : md`Nothing came in the last ${keptDays} days.`),
    ...(kept?.body ? bodyBlocks(kept, kept.body) : []),
    buttons(
      button('Change', actions.placeSource, { sourceId: source.id }),
      button('New secret', actions.rotateSource, { sourceId: source.id }, { confirm: rotateConfirm(name) }),
      revokeButton(source),
    ),
    source.formerUntil !== null && footnote(md`The secret it had before counts until ${when(source.formerUntil)}.`),
  );
}

function bodyBlocks({ at, problem }: Delivered, body: string): KnownBlock[] {
  const text = clip(body.replaceAll(/[^\P{C}\n\t]/gu, '\uFFFD'), shownBody);
  return [
    divider(),
    section(md`*What was refused ${when(at)}*\n${short(problem)}\nIt began so:`),
    { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }] },
  ];
}

const rotateConfirm = (name: string) => ({
  title: 'Give it a new secret?',
  text: md`${name} gets a new secret, which only you see, once. The old one goes on working for 24 hours.`,
  yes: 'New secret',
});

function revokeButton({ id, name }: Source) {
  return button(
    'Revoke',
    actions.revokeSource,
    { sourceId: id },
    {
      style: 'danger',
      confirm: {
        title: 'Revoke it?',
        text: md`From this moment nothing that ${name} posts is taken in. This cannot be undone; connecting it again gives a new address.`,
        yes: 'Revoke',
      },
    },
  );
}

export function revokeAsked(source: Source): Message {
  const ask = md`Revoke *${source.name}*? From then on nothing that it posts is taken in.`;
  return message(md`Revoke ${source.name}?`, section(ask), buttons(revokeButton(source)));
}
