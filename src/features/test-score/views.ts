import type { KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { asModal, footnote, type Message, message, section } from '../../slack/blocks.ts';
import { form } from '../../slack/forms.ts';
import { optionalText, selectField } from '../../slack/fields.ts';
import { figure, lines, linkTo, md, type Mrkdwn, person, when } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { bandOf, type Line, type Score } from './rules.ts';
import { type Section, sectionLabels, sectionNames, sections, type SheetItem } from './sheet.ts';

export function scoreCard(model: Model, { total, sums, next }: Score): Message {
  return message(
    md`The ML Test Score of ${model.name} is ${figure(total)} of 7: ${bandOf(total)}.`,
    section(
      lines(
        md`*${model.name}* has an ML Test Score of *${figure(total)}* of 7: ${bandOf(total)}.`,
        md`The lowest of its four parts counts.`,
      ),
    ),
    // One block each: Slack takes an action once in a block only.
    ...sections.map((each) => ({
      ...section(
        md`${each === weakestOf(sums, total) ? md`:small_orange_diamond:` : md`•`} ${sectionNames[each]}: *${figure(sums[each])}* of 7`,
      ),
      accessory: button(sectionLabels[each], actions.showTestScore, { modelId: model.id, section: each }),
    })),
    next && section(md`*What raises it most:* ${next.step}`),
    footnote(
      md`Half a point for what is done by hand and written down, one for what a machine does. What my own records prove counts by itself.`,
    ),
  );
}

const weakestOf = (sums: Score['sums'], total: number) => sections.find((each) => sums[each] === total);

/** One part with its seven questions. */
export function sectionModal(model: Model, of: Section, all: readonly Line[]): ModalView {
  const blocks: KnownBlock[] = all
    .filter(({ item }) => item.section === of)
    .map((line) => ({
      ...section(lines(md`${mark(line)} *${line.item.question}*`, saidOf(line))),
      ...(line.proof === undefined && {
        accessory: button(line.answer ? 'Answer anew' : 'Answer', actions.answerTestScore, {
          modelId: model.id,
          item: line.item.id,
        }),
      }),
    }));
  return asModal(sectionNames[of], { blocks });
}

function mark({ points, isOld }: Line): Mrkdwn {
  if (isOld) return md`:hourglass:`;
  if (points === 1) return md`:white_check_mark:`;
  return points > 0 ? md`:heavy_minus_sign:` : md`:white_circle:`;
}

const words = { automated: 'A machine does it', manual: 'Done by hand, written down', not_done: 'Not done' } as const;

function saidOf({ proof, answer, item, isOld }: Line): Mrkdwn {
  if (proof !== undefined) return md`1 point, from my own records: ${proof}.`;
  if (!answer) return md`Nobody answered yet. ${item.step}`;
  const link = answer.evidence === '' ? undefined : linkTo(answer.evidence, 'see');
  return lines(
    md`${words[answer.said]}, says ${person(answer.by)} ${when(answer.at)}${link ? md` (${link})` : md``}.${isOld ? md` That is more than half a year ago: please confirm it.` : md``}`,
    answer.note !== '' && md`_${answer.note}_`,
    answer.said !== 'automated' && md`Next step: ${item.step}`,
  );
}

export const answerForm = form(
  'test-score.answer.form',
  { title: 'ML Test Score', submit: 'Answer' },
  z.object({ modelId: z.uuid(), item: z.string() }),
  {
    said: selectField('How it is', [
      { value: 'automated', text: 'A machine does it, every time' },
      { value: 'manual', text: 'Done by hand and written down' },
      { value: 'not_done', text: 'Not done' },
    ]),
    evidence: optionalText('Where it can be seen', { hint: 'A link; needed for everything that counts.' }),
    note: optionalText('Note', { multiline: true }),
  },
);

export function answerModal(model: Model, item: SheetItem): ModalView {
  return answerForm.view(
    { modelId: model.id, item: item.id },
    { above: [section(lines(md`*${model.name}*: ${item.question}`, md`${item.step}`))] },
  );
}
