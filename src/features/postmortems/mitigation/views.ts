import { section } from '../../../slack/blocks.ts';
import { join, lines, md, when } from '../../../slack/mrkdwn.ts';
import { type RolledBack, steps, stepWords } from './rules.ts';

/** As it is on record: nobody has to type it. */
export function rollbackBlocks(all: readonly RolledBack[]) {
  if (all.length === 0) return [];
  return [section(lines(md`*Rollbacks, from the record*`, ...all.map(rollbackLine)))];
}

function rollbackLine(each: RolledBack) {
  const said = steps.map((step) => {
    const at = each[step];
    return at ? md`${stepWords[step].yes} ${when(at)}` : md`${stepWords[step].no}`;
  });
  return md`• *${each.number}*: ${join(said, ', ')}`;
}
