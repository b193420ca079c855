import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, section } from '../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, person, plural, when } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { linkWords } from './rules.ts';
import type { Proposal, Wanted } from './schema.ts';

export interface Proposed {
  readonly proposal: Proposal;
  readonly model: Model;
  readonly team: string;
}

/** To the owner: both versions side by side. */
export function proposalCard({ proposal, model, team }: Proposed): Message {
  const value = { proposalId: proposal.id };
  const isOpen = proposal.state === 'open';
  return message(
    isOpen
      ? md`A catalog describes ${model.name} otherwise than Pitcrew does. Please accept or keep.`
      : md`${model.name}: ${outcome(proposal)}`,
    section(
      lines(
        md`:scroll: *A catalog describes ${model.name} otherwise*, sent by ${proposal.askedBy === 'api' ? 'a machine' : person(proposal.askedBy)}.`,
        ...differing(proposal.wanted, isOpen ? { model, team } : undefined),
      ),
    ),
    isOpen &&
      buttons(
        button('Accept', actions.acceptProposal, value, { style: 'primary' }),
        button('Keep ours', actions.keepOurs, value),
      ),
    isOpen
      ? footnote(md`Nothing changes until you say so. Team and tier decide who may approve a rollback.`)
      : section(outcome(proposal)),
  );
}

function differing(wanted: Wanted, ours: { model: Model; team: string } | undefined): Mrkdwn[] {
  const row = (what: string, there: string | number, here: string | number | undefined) =>
    ours
      ? md`• ${what}: *${String(there).slice(0, 300)}* there, *${String(here || 'nothing').slice(0, 300)}* here`
      : md`• ${what}: *${String(there).slice(0, 300)}* there`;
  return [
    ...(wanted.team ? [row('Team', wanted.team.name, ours?.team)] : []),
    ...(wanted.tier ? [row('Tier', wanted.tier, ours?.model.tier)] : []),
    ...(wanted.registryName ? [row('Name in the registry', wanted.registryName, ours?.model.registryName)] : []),
    ...(wanted.description ? [row('What it does', wanted.description, ours?.model.description)] : []),
    ...(wanted.links ? [row('Links', linkWords(wanted.links), ours && linkWords(ours.model.links))] : []),
  ];
}

function outcome({ state, endedBy, endedAt, askedAt }: Proposal): Mrkdwn {
  const at = when(endedAt ?? askedAt);
  return state === 'accepted'
    ? md`:white_check_mark: Accepted by ${person(endedBy ?? '')} ${at}.`
    : md`:no_entry_sign: Kept as it is by ${person(endedBy ?? '')} ${at}. The same file asks no more.`;
}

/** What came of a catalog; every line names its model. */
export interface Result {
  readonly taken: readonly string[];
  readonly proposed: readonly string[];
  readonly unchanged: readonly string[];
  /** "churn-model: owned by pricing there, by Applied ML here" */
  readonly notes: readonly string[];
  readonly rejected: readonly { readonly index: number; readonly reason: string }[];
}

export function resultMessage({ taken, proposed, unchanged, notes, rejected }: Result): Message {
  const list = (title: string, each: readonly string[]) =>
    each.length > 0 &&
    section(
      md`*${title}*\n${join(
        each.slice(0, 30).map((one) => md`• ${one.slice(0, 200)}`),
        '\n',
      )}${each.length > 30 ? `\nand ${each.length - 30} more` : ''}`,
    );
  return message(
    md`${plural(taken.length, 'model')} taken from the catalog, ${proposed.length} proposed to their owners.`,
    section(md`I read the catalog. What stands here is changed by its owner only.`),
    list('Registered', taken),
    list('Described otherwise; the owner is asked', proposed),
    list('To know', notes),
    list('As they are here, or kept so by their owner', unchanged),
    list(
      'Not taken',
      rejected.map(({ reason }) => reason),
    ),
  );
}
