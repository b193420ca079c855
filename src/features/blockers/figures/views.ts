import { actions } from '../../../actions.ts';
import { span } from '../../../lib/durations.ts';
import { button } from '../../../slack/address.ts';
import { buttons, footnote, type Message, message, section, sentence } from '../../../slack/blocks.ts';
import { lines, md, type Mrkdwn } from '../../../slack/mrkdwn.ts';
import { roleNames } from '../../teams/rules.ts';
import { roles } from '../../teams/schema.ts';
import { fewest, type Pair } from './rules.ts';

const mostPairs = 15;

/** By pairs of roles, and nobody's name. */
export function pairsReport(pairs: readonly Pair[], days: number): Message {
  if (pairs.length === 0) return sentence(md`:white_check_mark: Nothing was blocked in the last ${days} days.`);
  const solved = pairs.reduce((sum, { n }) => sum + n, 0);
  const open = pairs.reduce((sum, each) => sum + each.open, 0);
  const more = pairs.length - mostPairs;
  return message(
    md`Time blocked in the last ${days} days: ${solved} solved, ${open} open.`,
    section(md`:stopwatch: *Time blocked in the last ${days} days*: ${solved} solved, ${open} open`),
    section(lines(...pairs.slice(0, mostPairs).map(pairLine), more > 0 && md`and ${more} more pairs, in the file.`)),
    buttons(button('CSV', actions.blockerFigures, { days })),
    footnote(
      md`Which role waited for which, never which person. Under ${fewest} there is no mean and no trend: one long wait would be all of it.`,
    ),
  );
}

function pairLine({ fromRole, toRole, n, open, median, p90, mean }: Pair): Mrkdwn {
  const parts = [
    median === null || p90 === null ? 'none solved yet' : `n ${n}, median ${span(median)}, p90 ${span(p90)}`,
    mean !== null && `mean ${span(mean)}`,
    open > 0 && `${open} open`,
  ];
  return md`• *${roleName(fromRole)} → ${roleName(toRole)}*: ${parts.filter((part) => part !== false).join(', ')}`;
}

function roleName(role: string): string {
  const known = roles.find((each) => each === role);
  if (known) return roleNames[known];
  return role === 'owner' ? 'Whoever decides' : 'No role';
}
