import { footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { lines, md, person, when } from '../../slack/mrkdwn.ts';
import type { Delegation } from './schema.ts';

export interface Named extends Delegation {
  /** The model it is for; undefined: all. */
  readonly model: string | undefined;
}

const scope = ({ model }: Named) => (model === undefined ? md`all models` : md`${model}`);

export function delegationList(mine: readonly Named[], forOthers: readonly Named[]): Message {
  if (mine.length + forOthers.length === 0)
    return sentence(
      md`Nobody stands in for you, and you for nobody. \`/ml delegate @person 2026-12-24\` hands over your approvals until that day.`,
    );
  return message(
    md`Who stands in for whom.`,
    section(
      lines(
        ...mine.map(
          (each) =>
            md`:bust_in_silhouette: ${person(each.toId)} approves in your place until ${when(each.endsAt)}: ${scope(each)}`,
        ),
        ...forOthers.map(
          (each) =>
            md`:raised_hand: You approve in place of ${person(each.fromId)} until ${when(each.endsAt)}: ${scope(each)}`,
        ),
      ),
    ),
    mine.length > 0 && footnote(md`You may still approve yourself. \`/ml delegate end\` takes it back.`),
  );
}

/** For whoever stands in; edited when it ends. */
export function standInMessage(delegation: Named, hasEnded: boolean): Message {
  const { fromId, endsAt } = delegation;
  return sentence(
    hasEnded
      ? md`:wave: You no longer approve in place of ${person(fromId)}. Thank you.`
      : md`:raised_hand: ${person(fromId)} asks you to approve rollbacks and promotions in their place until ${when(endsAt)}: ${scope(delegation)}. Your name stands on the card, with theirs.`,
  );
}

export function handedOver({ toId, endsAt }: Delegation): Message {
  return sentence(
    md`${person(toId)} approves in your place until ${when(endsAt)}. You may still do it yourself; \`/ml delegate end\` takes it back.`,
  );
}
