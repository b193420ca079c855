import { z } from 'zod';
import { section } from '../../../slack/blocks.ts';
import { form } from '../../../slack/forms.ts';
import { numberField, optional, selectField } from '../../../slack/fields.ts';
import { lines, md, plural } from '../../../slack/mrkdwn.ts';
import { longestDays } from './rules.ts';
import { type ArchiveRule, everywhere } from './schema.ts';

export const archiveForm = form(
  'incident.archive.form',
  { title: 'Archive channels', submit: 'Save' },
  z.object({ teamId: z.uuid() }),
  {
    scope: selectField('For which incidents'),
    days: optional(
      numberField('After how many days', {
        decimal: false,
        min: 0,
        max: longestDays,
        hint: 'After the post-mortem is closed. 0: never. Empty for a team: as the whole workspace does.',
      }),
    ),
  },
);

const said = (rule: ArchiveRule | undefined) =>
  rule === undefined ? 'nothing is said' : rule.days === 0 ? 'never' : `after ${plural(rule.days, 'day')}`;

export function archiveModal(team: { readonly id: string; readonly name: string }, rules: readonly ArchiveRule[]) {
  const [own, all] = [team.id, everywhere].map((scope) => rules.find((rule) => rule.scope === scope));
  return archiveForm.view(
    { teamId: team.id },
    {
      above: [
        section(
          lines(
            md`Now: the whole workspace: *${said(all)}*; ${team.name}: *${said(own)}*.`,
            md`A day before I say so in the channel, and anybody there can keep it.`,
          ),
        ),
      ],
      options: {
        scope: [
          { value: team.id, text: `Those of ${team.name}` },
          { value: everywhere, text: 'Those of the whole workspace' },
        ],
      },
      start: { scope: team.id, ...(own && { days: String(own.days) }) },
    },
  );
}
