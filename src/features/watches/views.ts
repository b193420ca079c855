import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, section } from '../../slack/blocks.ts';
import { figure, join, lines, md, type Mrkdwn, plural, when } from '../../slack/mrkdwn.ts';
import type { Reference } from '../drift/detectors/reference.ts';
import { heaviestOfEach, worstFirst } from '../drift/rules.ts';
import type { Alert, Finding, Item, Watch } from '../drift/schema.ts';
import { ruleWords, severityHints, severityWords } from '../drift/words.ts';
import { inShort } from '../drift/views.ts';
import type { Model } from '../models/schema.ts';
import type { Draft, Raise } from './rules.ts';

export interface Precision {
  readonly judged: number;
  readonly useful: number;
  readonly reasons: Readonly<Record<string, number>>;
}

const reasonWords: Readonly<Record<string, string>> = {
  expected: 'expected',
  noise: 'noise',
  harmless: 'harmless',
  data: 'wrong report',
  details: 'too few details',
  typed: 'said in words',
};

/** "Of its 6 alerts in 90 days 4 were useful; not useful: 2 noise" */
function precisionWords({ judged, useful, reasons }: Precision): string {
  if (judged === 0) return 'No alert of it has ended in the last 90 days';
  const why = Object.entries(reasons).map(([kind, n]) => `${n} ${reasonWords[kind] ?? kind}`);
  const bad = why.length > 0 ? `; not useful: ${why.join(', ')}` : '';
  return `Of its ${plural(judged, 'alert')} in 90 days ${useful} ${useful === 1 ? 'was' : 'were'} useful (precision ${Math.round((100 * useful) / judged)} %)${bad}`;
}

const mostListed = 6;
/** More often than once a week is more than people answer. */
const tooOften = 13;

/** Under a week of days says little. */
const fewJudged = 7;

/** What the rule says, and what it would have done. */
export function previewWords(
  draft: Draft,
  reference: Reference | null,
  done: { readonly raises: readonly Raise[]; readonly judged: number },
  precision?: Precision,
): Mrkdwn[] {
  const { raises, judged } = done;
  const listed = raises.slice(-mostListed).map(raiseLine);
  const rest = raises.length - listed.length;
  return [
    md`*${severityWords[draft.severity]}: ${ruleWords(draft, measured(draft))}.*\nIt ${severityHints[draft.severity]}.`,
    ...(reference
      ? [
          md`Normal is the mean ${figure(reference.mean)} (σ ${figure(reference.std)}) of ${plural(reference.n, 'window')} from ${day(reference.from)} to ${day(reference.until)}${reference.season ? ', each weekday by itself' : ''}. It stays frozen.`,
        ]
      : []),
    judged === 0
      ? md`:hourglass: *In the last 90 days there was nothing that it could judge*, so I cannot say what it would have done.`
      : raises.length === 0 && judged < fewJudged
        ? md`:hourglass: *It would have stayed quiet, but there was little to judge*: ${plural(judged, 'window')} beside those that normal is taken from.`
        : raises.length === 0
          ? md`:white_check_mark: *In the last 90 days it would have stayed quiet* (${plural(judged, 'window')} judged).`
          : lines(
              md`:bell: *In the last 90 days it would have raised ${plural(raises.length, 'alert')}* (${plural(judged, 'window')} judged):`,
              ...listed,
              rest > 0 && md`and ${rest} more before`,
              raises.length > tooOften &&
                md`That is more than once a week. A higher limit or more windows in a row make it quieter.`,
            ),
    ...(precision && precision.judged > 0 ? [md`${precisionWords(precision)}.`] : []),
  ];
}

function raiseLine({ at, until, columns }: Raise): Mrkdwn {
  const which =
    columns.length > 0 ? md`: ${columns.slice(0, 3).join(', ')}${columns.length > 3 ? ' and more' : ''}` : md``;
  return md`• ${when(at, '{date_short_pretty}')} ${until ? md`to ${when(until, '{date_short_pretty}')}` : md`until now`}${which}`;
}

const day = (iso: string) => when(new Date(iso), '{date_short_pretty}');

/** What a rule measures, for its sentence. */
function measured(rule: Pick<Draft, 'metric' | 'column' | 'method'>): string | undefined {
  const named = rule.column ? `${rule.metric} of ${rule.column}` : rule.metric;
  switch (rule.method) {
    case 'cusum':
      return `the lasting shift of ${named} (CUSUM, in standard deviations)`;
    case 'weekday':
      return `the distance of ${named} from the same weekday (in standard deviations)`;
    case 'sigma':
      return `the distance of ${named} from normal (in standard deviations)`;
    case 'ewma':
      return `the distance of the running mean of ${named} from normal (in its own deviations)`;
    case 'change':
      return `the change of ${named} (as a share)`;
    case 'missing_share':
      return `the growth of ${named}`;
    default:
      return undefined;
  }
}

export function ruleList(model: Model, list: readonly { watch: Watch; precision: Precision }[]): Message {
  const rows = list.slice(0, 20).flatMap(({ watch, precision }) => [
    section(
      lines(
        md`${watch.state === 'firing' ? md`:red_circle: *firing*` : md`:large_green_circle: quiet`} – *${watch.metric}${watch.column && watch.method !== 'verdict' ? ` of ${watch.column}` : ''}* – ${severityWords[watch.severity]}`,
        md`${ruleWords(watch, measured(watch))}.`,
        md`_${precisionWords(precision)}._`,
      ),
    ),
    buttons(
      button('Change', actions.changeRule, { watchId: watch.id }),
      button(
        'Stop watching',
        actions.retireRule,
        { watchId: watch.id },
        {
          style: 'danger',
          confirm: {
            title: 'Stop watching?',
            text: md`I no longer raise alerts by this rule. The numbers are kept.`,
            yes: 'Stop watching',
          },
        },
      ),
    ),
  ]);
  const text = md`${model.name} has ${plural(list.length, 'rule')} that can raise a drift alert.`;
  return message(
    text,
    section(md`*Rules of ${model.name}* in ${model.environment}`),
    ...(rows.length > 0 ? rows : [section(md`:telescope: Nobody watches a metric of it yet.`)]),
    list.length > 20 && footnote(md`and ${list.length - 20} more`),
    buttons(button('Watch a metric', actions.addRule, { modelId: model.id }, { style: 'primary' })),
  );
}

export function savedWords(watch: Watch, model: Model): Mrkdwn {
  return md`:telescope: Saved for *${model.name}*: ${ruleWords(watch, measured(watch))}.`;
}

export function stoppedWords(watch: Watch, model: Model): Mrkdwn {
  return md`:telescope: I no longer watch *${watch.metric}* of *${model.name}* by this rule. Its numbers are kept.`;
}

export interface Explained {
  readonly item: Item;
  readonly watch: Watch | undefined;
  readonly precision: Precision;
  /** Every method's score of a feature, by column. */
  readonly others: ReadonlyMap<string, readonly Finding[]>;
}

const mostExplained = 8;

/** The arithmetic behind an alert, rule by rule. */
export function explanation(alert: Alert, model: Model, list: readonly Explained[]): Message {
  const kept = new Set(heaviestOfEach(list.map(({ item }) => item)).map(({ watchId }) => watchId));
  const shown = list.filter(({ item }) => kept.has(item.watchId));
  return message(
    md`Drift alert ${alert.number} of ${model.name}, in numbers: ${shown.map(({ item }) => item.findings.slice(0, 2).map(inShort).join(', ')).join('; ')}.`,
    section(md`:abacus: *Why drift alert ${alert.number} of ${model.name} (${alert.environment}) was raised*`),
    ...shown.slice(0, 15).flatMap(explained),
    footnote(md`\`/ml drift rules ${model.name}\` lets you change a rule and shows what it would have done.`),
  );
}

function explained({ item, watch, precision, others }: Explained) {
  const findings = worstFirst(item.findings);
  const rest = findings.length - mostExplained;
  return [
    section(
      lines(
        md`*The rule:* ${watch ? ruleWords(watch, measured(watch)) : item.metric}.`,
        md`*The windows:* ${plural(item.windows, 'bad window')} in a row, the first ended ${when(new Date(item.since))}, the last ${when(new Date(item.lastWindow))}${item.clearedAt ? md`; good again since ${when(new Date(item.clearedAt))}` : md``}.`,
      ),
    ),
    section(
      lines(
        ...findings.slice(0, mostExplained).map((finding) => arithmetic(finding, others.get(finding.column) ?? [])),
        rest > 0 && md`and ${rest} more`,
      ),
    ),
    footnote(md`${precisionWords(precision)}.`),
  ];
}

function arithmetic(finding: Finding, others: readonly Finding[]): Mrkdwn {
  const { column, label, base, score, limit, direction, rows, because } = finding;
  const named = column ? md`*${column}*: ${label}` : md`*${label}*`;
  const held =
    limit === null || score === null
      ? ''
      : ` ${direction === 'above' ? (score > limit ? '>' : '≤') : score < limit ? '<' : '≥'} ${figure(limit)}`;
  const from = rows === undefined ? '' : `, from ${new Intl.NumberFormat('en').format(rows)} rows`;
  const also = others
    .filter((other) => other.method !== finding.method && other.score !== null)
    .map((other) => md`${other.label} ${figure(other.score ?? 0)}`);
  return lines(
    md`• ${named} = ${score === null ? 'not computed' : figure(score)}${held}${base ? ` (${base})` : ''}${from}`,
    because !== undefined && md`   ${because}`,
    also.length > 0 && md`   _by other methods:_ ${join(also, ', ')}`,
  );
}
