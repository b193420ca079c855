import { durationsAlt } from '../../charts/durations-chart.ts';
import { actions } from '../../actions.ts';
import { minutesOf, span } from '../../lib/durations.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, picture, section } from '../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, plural } from '../../slack/mrkdwn.ts';
import { detectionRange, disorder } from '../incidents/milestones.ts';
import type { DurationsDrawing } from '../../messages/schema.ts';
import { type Code, codes, counts, type Facts, fewest, type Figure, figuresOf, isDrill } from './rules.ts';
import { type Judged, sharesOf } from './shares/rules.ts';
import { alarmLines, learningLines, sharesLines, waivedSection } from './shares/views.ts';
import type { CallFigure } from './shifts/rules.ts';
import { callsSection } from './shifts/views.ts';

const names: Readonly<Record<Code, string>> = {
  TTD: 'until it was detected, from when it began',
  TTDecl: 'until it was declared, from when it was detected',
  TTA: 'until somebody was on it, from when it was detected',
  'TTA-page': 'until somebody was on it, from the first call that was sent',
  TTM: 'until the impact stopped, from when it began',
  TTMr: 'until the impact stopped, from when it was detected',
  TTR: 'until it was over, from when it began',
  TTRepair: 'until it was over, from when it was declared',
  TTRBa: 'of rollbacks, from asked for to approved',
  TTRB: 'of rollbacks, from approved to seen',
  TTL: 'until its post-mortem was closed, from when it was over',
  LD: 'until its impact was measured on labels, from when it began',
  'TTD-bh': 'TTD in working hours of its team',
  'TTA-bh': 'TTA in working hours of its team',
  'TTM-bh': 'TTM in working hours of its team',
  'TTR-bh': 'TTR in working hours of its team',
};

/** The others are in the files: more would not be read. */
const shown = {
  response: ['TTD', 'TTA', 'TTA-page', 'TTM', 'TTR', 'TTRB'],
  learning: ['TTL', 'LD'],
  working: ['TTA-bh', 'TTM-bh', 'TTR-bh'],
  drills: ['TTD', 'TTA', 'TTM', 'TTR'],
} as const satisfies Record<string, readonly Code[]>;

const mostRanges = 5;
const mostNumbers = 20;

/** What is known beside incidents. */
export interface Beside {
  readonly alerts?: Judged;
  readonly calls?: readonly CallFigure[];
}

/** `today`: the calendar day on which it is asked for. */
export function reportMessage(all: readonly Facts[], days: number, today: string, beside: Beside = {}): Message {
  const { alerts = { ended: 0, notUseful: {} }, calls = [] } = beside;
  const counted = all.filter(counts);
  const drills = all.filter(isDrill);
  const title =
    counted.length === 0
      ? md`No incident ended in the last ${days} days.`
      : md`${plural(counted.length, 'incident')} ended in the last ${days} days`;
  const isAny = counted.length + drills.length + calls.length > 0;
  return message(
    counted.length === 0 ? md`${title} Drills and tests are not counted.` : md`${title}.`,
    section(counted.length === 0 ? md`:white_check_mark: ${title}` : md`:bar_chart: *${title}*`),
    ...(counted.length === 0 ? [] : ended(all, counted, today)),
    sharesOf(all).falseAlarms.of + alerts.ended > 0 && section(lines(md`*False alarms*`, ...alarmLines(all, alerts))),
    callsSection(calls),
    drills.length > 0 && section(drillLines(all, drills.length)),
    isAny && buttons(button('Picture and CSV', actions.incidentFigures, { days })),
    isAny &&
      footnote(
        md`Under ${fewest} values there is no mean and no trend: one long incident would be all of it. Nobody's name is counted. Drills, tests and what was called off are left out. More figures, also in working hours (-bh), are in the CSV.`,
      ),
  );
}

function ended(all: readonly Facts[], counted: readonly Facts[], today: string) {
  const figures = new Map(figuresOf(all).map((figure) => [figure.code, figure]));
  const said = (list: readonly Code[]) => list.flatMap((code) => figures.get(code) ?? []).map(figureLine);
  const wrong = counted.filter(({ incident, times }) => disorder(times, incident.kind).length > 0);
  const numbers = wrong.slice(0, mostNumbers).map(({ incident }) => incident.number);
  const more = wrong.length > mostNumbers ? ` and ${wrong.length - mostNumbers} more` : '';
  return [
    section(
      lines(md`*How long it took*`, ...said(shown.response), rangeLine(counted), workLine([...figures.values()])),
    ),
    section(lines(md`*How it went*`, ...sharesLines(all))),
    section(lines(md`*What came of it*`, ...said(shown.learning), ...learningLines(all, today))),
    waivedSection(all, today),
    wrong.length > 0 &&
      section(
        md`:warning: The times of incident ${numbers.join(', ')}${more} cannot be in this order. Put them right with \`/ml incident times <incident>\`.`,
      ),
  ];
}

/** Where its beginning is known as an interval, the least and the most that it may have taken to notice. */
function rangeLine(counted: readonly Facts[]): Mrkdwn | undefined {
  const ranges = counted.flatMap(({ times }) => {
    const range = detectionRange(times);
    return range ? [`${range[0]}–${range[1]} min`] : [];
  });
  if (ranges.length === 0) return undefined;
  const first = ranges.slice(0, mostRanges).join(', ');
  return md`_TTD where the beginning is an interval: ${first}${ranges.length > mostRanges ? ' …' : ''} (n ${ranges.length})_`;
}

/** A list of each would be read by nobody: they are in the files until there are enough to be summed up. */
function workLine(figures: readonly Figure[]): Mrkdwn | undefined {
  const enough = figures.filter(({ code, median }) => median !== null && shown.working.some((each) => each === code));
  if (enough.length === 0) return undefined;
  const said = enough.map((figure) => md`*${figure.code}* ${figureWords(figure)}`);
  return md`In working hours: ${join(said, '; ')}`;
}

const figureLine = (figure: Figure): Mrkdwn => md`*${figure.code}* ${names[figure.code]}: ${figureWords(figure)}`;

/** All of them while they are few, else where their middle lies; always with how many have none. */
function figureWords({ n, unknown, values, mean, median, p90 }: Figure): string {
  if (n === 0) return 'not known of any';
  const missing = unknown > 0 ? `, ${unknown} without` : '';
  if (mean === null || median === null || p90 === null) return `${values.map(span).join(', ')} (n ${n}${missing})`;
  return `median ${span(median)}, p90 ${span(p90)}, mean ${span(mean)} (n ${n}${missing})`;
}

/** Never beside a number of real ones. */
function drillLines(all: readonly Facts[], n: number): Mrkdwn {
  const figures = figuresOf(all, isDrill).filter(({ code }) => shown.drills.some((each) => each === code));
  return lines(
    md`:dart: *${plural(n, 'drill')} ended*, counted in nothing above`,
    ...figures.map((figure) => md`*${figure.code}*: ${figureWords(figure)}`),
  );
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
    legend.length > 0 && section(join(legend, '\n')),
  );
}
