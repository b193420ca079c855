import type { Button, KnownBlock } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, header, type Message, message, section } from '../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, plural, when, withStop } from '../../slack/mrkdwn.ts';
import { labels } from './forms.ts';
import type { Listed } from './queries.ts';
import { hostOf } from './rules.ts';
import type { Connection } from './schema.ts';

export const mostConnections = 10;

/** What we ask stands above what posts to us. */
export function toolList(all: readonly Listed[], posting: Message): Message {
  const hint = footnote(
    md`\`/ml connect mlflow\`, \`airflow\`, \`kubeflow\` or \`webhook\` lets me ask a registry, start pipelines or deploy.`,
  );
  if (all.length === 0) return { text: posting.text, blocks: [...posting.blocks, hint] };
  const shown = all.slice(0, mostConnections);
  const failing = all.filter(({ connection }) => connection.problem !== '').map(({ connection }) => connection.name);
  const trouble = failing.length > 0 ? md`; not working: ${failing.join(', ')}` : md``;
  const { text, blocks } = message(
    md`${plural(all.length, 'connection is', 'connections are')} set up${trouble}.`,
    header('What I ask'),
    ...shown.flatMap(row),
    all.length > mostConnections &&
      footnote(
        md`There are more than these ${mostConnections}: \`/ml connect test ${'<name>'}\`, also \`edit\` and \`forget\`.`,
      ),
    hint,
  );
  return { text: `${text} ${posting.text}`, blocks: [...blocks, ...posting.blocks] };
}

function row({ connection, source }: Listed): KnownBlock[] {
  return [
    section(
      lines(
        md`${markOf(connection)} *${connection.name}* ${placeOf(connection)}`,
        triedWords(connection),
        source !== null && connection.hookProblem === '' && md`Posts here as *${source}*.`,
        source !== null &&
          connection.hookProblem !== '' &&
          md`:warning: Does not post here yet: ${withStop(md`${connection.hookProblem}`)}`,
      ),
    ),
    buttons(...buttonsOf(connection, source)),
  ];
}

function buttonsOf(connection: Connection, source: string | null): Button[] {
  const { id: connectionId, kind, hookProblem } = connection;
  const mayPost = kind === 'mlflow' || kind === 'airflow';
  const posts = source !== null && hookProblem === '';
  return [
    button('Test', actions.testConnection, { connectionId }),
    button('Edit', actions.editConnection, { connectionId }),
    ...(mayPost && !posts ? [button('Let it post here', actions.listenToConnection, { connectionId })] : []),
    forgetButton(connection),
  ];
}

function markOf({ triedAt, problem }: Connection): Mrkdwn {
  if (problem !== '') return md`:x:`;
  return triedAt === null ? md`:white_circle:` : md`:white_check_mark:`;
}

function placeOf(connection: Connection): Mrkdwn {
  const space = connection.space && md`, ${connection.space}`;
  return md`(${labels[connection.kind]} at ${hostOf(connection)}${space})`;
}

function triedWords({ triedAt, problem, found }: Connection): Mrkdwn {
  if (triedAt === null) return md`Not tried yet.`;
  if (problem !== '') return md`Does not work. Tried ${when(triedAt)}: ${withStop(md`${problem}`)}`;
  return md`Works. Tried ${when(triedAt)}: ${withStop(md`${found || 'it answered'}`)}`;
}

/** What came of a try, with what to do next. */
export function triedCard(connection: Connection): Message {
  const { name, problem, id: connectionId } = connection;
  const works = problem === '';
  return message(
    works ? md`${name} works.` : md`${name} is kept, but does not work yet: ${problem}`,
    section(lines(md`${markOf(connection)} *${name}* ${placeOf(connection)}`, triedWords(connection))),
    buttons(
      button('Test', actions.testConnection, { connectionId }),
      button('Edit', actions.editConnection, { connectionId }),
    ),
    !works &&
      footnote(md`Nothing that you typed is lost. Mend what is wrong there and press *Test*, or *Edit* it here.`),
  );
}

/** Shown once, only to the person who asked. */
export function signingCard(connection: Connection, signing: string): Message {
  const { name, id: connectionId } = connection;
  return message(
    md`${name} is connected. Copy its secret now: it is shown only this once.`,
    section(
      lines(
        md`:electric_plug: *${name}* is kept. What I post to ${hostOf(connection)} is signed as Standard Webhooks says, with this secret:`,
        md`\`\`\`${signing}\`\`\``,
        md`Check \`webhook-id\`, \`webhook-timestamp\` and \`webhook-signature\` with it.`,
      ),
    ),
    buttons(button('Test', actions.testConnection, { connectionId })),
    footnote(
      md`The secret is shown only this once: put it where the web-hook is received, then press *Test*. It posts a \`pitcrew.ping\`, which should do nothing and be answered with 2xx.`,
    ),
  );
}

/** MLflow was told, or in words why not: then somebody else can tell it. */
export function postingCard({ name, hookProblem }: Connection, source: string, byHand: Message): Message {
  if (hookProblem === '') {
    return message(
      md`${name} posts here now, as ${source}.`,
      section(
        md`:white_check_mark: *${name}* tells me from now on of new versions and moved aliases, as *${source}*. \`/ml connect show ${source}\` says what came in.`,
      ),
    );
  }
  const words = join([md`:warning: MLflow could not be told where to post:`, withStop(md`${hookProblem}`)], ' ');
  return message(
    md`MLflow could not be told where to post: ${hookProblem}`,
    section(
      lines(
        words,
        md`Until then I look there by myself; it only takes longer. When it is mended, press *Let it post here* again, or let somebody who may do it by hand:`,
      ),
    ),
    ...byHand.blocks,
  );
}

function forgetButton({ id, name }: Connection): Button {
  return button(
    'Forget',
    actions.forgetConnection,
    { connectionId: id },
    {
      style: 'danger',
      confirm: {
        title: `Forget ${name}?`,
        text: md`From this moment it is asked nothing any more, and what signs me in there is erased. What it posts here is still taken in.`,
        yes: 'Forget',
      },
    },
  );
}

export function forgetAsked(connection: Connection): Message {
  const ask = md`Forget *${connection.name}*? From then on it is asked nothing any more.`;
  return message(md`Forget ${connection.name}?`, section(ask), buttons(forgetButton(connection)));
}
