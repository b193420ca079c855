import { durationsAlt } from '../../charts/durations-chart.ts';
import { actions } from '../../actions.ts';
import { minutesOf, span } from '../../lib/durations.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, picture, section, sentence } from '../../slack/blocks.ts';
import { clip } from '../../slack/limits.ts';
import { lines, md, type Mrkdwn, naming, plural } from '../../slack/mrkdwn.ts';
import { detectionRange, disorder } from '../incidents/milestones.ts';
import type { DurationsDrawing } from '../../messages/schema.ts';
import {
  type Code,
  codes,
  counts,
  type Facts,
  fewest,
  type Figure,
  figuresOf,
  type FollowThrough,
  followThrough,
  type Share,
  sharesOf,
} from './rules.ts';

const names: Readonly<Record<Code, string>> = {
  TTD: 'until it was detected, from when it began',
  TTDecl: 'until it was declared, from when it was detected',
  TTA: 'until somebody was on it, from when it was detected',
  TTM: 'until the impact stopped, from when it began',
  TTMr: 'until the impact stopped, from when it was detected',
  TTR: 'until it was over, from when it began',
  TTRepair: 'until it was over, from when it was declared',
  TTRBa: 'of rollbacks, from asked for to approved',
  TTRB: 'of rollbacks, from approved to seen',
  TTL: 'until its post-mortem was closed, from when it was over',
  LD: 'until its impact was measured on labels, from when it began',
};

const mostListed = 5;

/** `today`: the calendar day on which it is asked for. */
export function reportMessage(all: readonly Facts[], days: number, today: string): Message {
  const counted = all.filter(counts);
  if (counted.length === 0)
    return sentence(
      md`:white_check_mark: No incident ended in the last ${days} days. Drills and tests are not counted.`,
    );
  const shares = sharesOf(all);
  const wrong = counted.filter(({ times }) => disorder(times).length > 0);
  return message(
    md`${plural(counted.length, 'incident')} ended in the last ${days} days.`,
    section(md`:bar_chart: *${plural(counted.length, 'incident')} ended in the last ${days} days*`),
    section(lines(...figuresOf(all).map(figureLine), rangeLine(counted))),
    section(
      lines(
        md`• noticed by an alert of ours: ${shareWords(shares.byAlert)}`,
        md`• ended with a rollback that was seen: ${shareWords(shares.rolledBack)}`,
        md`• opened again: ${shareWords(shares.reopened)}`,
        md`• over before anybody was on it: ${shareWords(shares.unacknowledged)}`,
        md`• with a condition that was seen before: ${shareWords(shares.repeated)}`,
        promiseLine(followThrough(all, today)),
        md`• false alarms among all that was declared: ${shareWords(shares.falseAlarms)}`,
      ),
    ),
    waivedSection(followThrough(all, today)),
    wrong.length > 0 &&
      section(
        md`:warning: The times of incident ${wrong.map(({ incident }) => incident.number).join(', ')} cannot be in this order. Put them right with \`/ml incident times <incident>\`.`,
      ),
    buttons(button('Picture and CSV', actions.incidentFigures, { days })),
    footnote(
      md`Under ${fewest} values there is no mean and no trend: one long incident would be all of it. Nobody's name is counted. Drills, tests and what was called off are left out.`,
    ),
  );
}

const shareWords = ({ part, of }: Share): string => (of === 0 ? 'none yet' : `${part} of ${of}`);

/** Where its beginning is known as an interval, the least and the most that it may have taken to notice. */
function rangeLine(counted: readonly Facts[]): Mrkdwn | undefined {
  const ranges = counted.flatMap(({ times }) => {
    const range = detectionRange(times);
    return range ? [`${range[0]}–${range[1]} min`] : [];
  });
  if (ranges.length === 0) return undefined;
  const shown = ranges.slice(0, mostListed).join(', ');
  return md`_TTD where the beginning is an interval: ${shown}${ranges.length > mostListed ? ' …' : ''} (n ${ranges.length})_`;
}

function promiseLine({ onTime, waived, late, medianLate }: FollowThrough): Mrkdwn {
  const given = waived.length > 0 ? `, ${waived.length} waived` : '';
  const days = (n: number) => plural(n, 'day');
  const median = medianLate === null ? '' : `; median ${days(medianLate)} after its day (n ${late.length})`;
  return md`• *TTF* commitments kept by their day: ${shareWords(onTime)}${given}${median}`;
}

/** What was given up, with the reason that was said; by whom is not counted. */
function waivedSection({ waived }: FollowThrough) {
  if (waived.length === 0) return undefined;
  const shown = waived.toSorted((a, b) => b.number - a.number).slice(0, mostListed);
  const left = waived.length - shown.length;
  return section(
    lines(
      md`*Commitments that were waived*`,
      ...shown.map(({ number, text, reason }) => md`• *${number}* ${clip(text, 150)}: ${naming(clip(reason, 200))}`),
      left > 0 && md`_and ${left} more_`,
    ),
  );
}

function figureLine({ code, n, unknown, values, mean, median, p90 }: Figure): Mrkdwn {
  const missing = unknown > 0 ? `, ${unknown} not known` : '';
  if (n === 0) return md`*${code}* ${names[code]}: not known of any`;
  if (mean === null || median === null || p90 === null) {
    const shown = values.slice(0, mostListed).map(span).join(', ');
    return md`*${code}* ${names[code]}: ${shown}${values.length > mostListed ? ' …' : ''} (n ${n}${missing})`;
  }
  return md`*${code}* ${names[code]}: median ${span(median)}, p90 ${span(p90)}, mean ${span(mean)} (n ${n}${missing})`;
}

/** What is drawn of them: each incident a dot, a median only where there are enough. */
export function figuresDrawing(all: readonly Facts[], days: number): DurationsDrawing {
  const known = figuresOf(all).filter(({ n }) => n > 0);
  return {
    kind: 'durations',
    title: `How long incidents of the last ${days} days took`,
    subtitle: 'A dot for each incident; a bar for the median where there are ten or more',
    rows: known.map(({ code, values, median }) => ({
      name: code,
      values: values.map((value) => minutesOf(value) ?? 0),
      median: minutesOf(median),
    })),
  };
}

export function pictureMessage(key: string, drawing: DurationsDrawing): Message {
  const legend = drawing.rows.flatMap(({ name }) => {
    const code = codes.find((each) => each === name);
    return code ? [md`*${code}* ${names[code]}`] : [];
  });
  return message(
    md`${drawing.title}, as a picture; the numbers are in the CSV file beside it.`,
    picture(key, durationsAlt(drawing.title, drawing.rows)),
    section(lines(...legend)),
  );
}
