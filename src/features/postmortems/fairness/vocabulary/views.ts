import type { KnownBlock } from '@slack/types';
import { actions } from '../../../../actions.ts';
import { button } from '../../../../slack/address.ts';
import { buttons, section } from '../../../../slack/blocks.ts';
import { clip } from '../../../../slack/limits.ts';
import { lines, md } from '../../../../slack/mrkdwn.ts';
import type { Vocabulary } from '../rules.ts';

const mostShown = 1200;

export function vocabularyBlocks({ names, roles }: Vocabulary): KnownBlock[] {
  const said = (words: readonly string[]) => (words.length === 0 ? 'none' : clip(words.join(', '), mostShown));
  const drop = names.length + roles.length > 0 ? [button('Take words out', actions.dropVocabulary, {})] : [];
  return [
    section(
      lines(
        md`*Words of this workspace*`,
        md`• names that are left alone: ${said(names)}`,
        md`• what people are called, beside engineer, analyst, owner and the like: ${said(roles)}`,
      ),
    ),
    buttons(button('Add a word', actions.addVocabulary, {}), ...drop),
  ];
}
