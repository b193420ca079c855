import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, fields, footnote, type Message, message, picture, section, sentence } from '../../slack/blocks.ts';
import { clip } from '../../slack/limits.ts';
import { figure, join, lines, linkTo, md, type Mrkdwn, person, plural, when, withStop } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { heaviestOfEach, worstFirst } from './rules.ts';
import type { Alert, Finding, Item, Watch } from './schema.ts';

/** What the card shows of the series behind the worst finding. */
export interface Shown {
  readonly key: string;
  readonly alt: string;
}
/** Data in trouble that the model eats: often the reason. */
export interface Fed {
  readonly name: string;
  readonly words: string;
}

export function alertCard(alert: Alert, model: Model, shown?: Shown, fed: readonly Fed[] = []): Message {
  const live = alert.items.filter((item) => !item.clearedAt);
  const items = live.length > 0 ? live : alert.items;
  const since = new Date(items.map((item) => item.since).toSorted()[0] ?? alert.raisedAt);
  return message(
    fullSentence(alert, model, items, since),
    section(md`${stateMark(alert)} *Drift: ${model.name}* in ${alert.environment} – alert ${alert.number}`),
    section(lines(...heaviestOfEach(items).flatMap(moved))),
    fields(
      md`*Owner*\n${person(model.ownerId)}, ${model.deputyId ? md`deputy ${person(model.deputyId)}` : 'no deputy'}`,
      md`*Since*\n${when(since)}`,
      md`*Version when raised*\n${alert.version ?? 'not known'}`,
      md`*State*\n${stateLine(alert)}`,
    ),
    fed.length > 0 &&
      section(
        lines(
          md`:card_file_box: *It eats data in trouble:*`,
          ...fed.slice(0, 3).map((each) => md`• ${each.name}: ${each.words}`),
          fed.length > 3 && md`and ${fed.length - 3} more`,
        ),
      ),
    shown && picture(shown.key, shown.alt),
    alert.state !== 'resolved' && alertButtons(alert, model),
  );
}

function fullSentence(alert: Alert, model: Model, items: readonly Item[], since: Date): Mrkdwn {
  const moving = md`${model.name} has drifted in ${alert.environment} since ${when(since)}: ${what(items)}`;
  switch (alert.state) {
    case 'open':
      return md`Drift alert ${alert.number}: ${moving}. ${person(alert.called ?? model.ownerId)}, please acknowledge it or roll back.`;
    case 'acknowledged':
      return md`Drift alert ${alert.number}: ${moving}. ${person(alert.takenBy ?? '')} is on it.`;
    case 'snoozed':
      return md`Drift alert ${alert.number}: ${moving}. Snoozed until ${when(alert.snoozedUntil ?? since)}.`;
    case 'resolved':
      return md`Drift alert ${alert.number} of ${model.name} in ${alert.environment} is closed. ${withStop(stateLine(alert))}`;
  }
}

function what(items: readonly Item[]): string {
  const [worst, ...others] = driftedOf(items);
  if (!worst) return items[0]?.metric ?? 'a measure moved';
  return `${inShort(worst)}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}

function driftedOf(items: readonly Item[]): Finding[] {
  return worstFirst(heaviestOfEach(items).flatMap((item) => item.findings.filter((finding) => finding.drifted)));
}

const mostListed = 8;

/** "amount: Wasserstein distance is 0.533, limit 0.1", the worst first. A warning of the same is left out. */
function moved(item: Item): Mrkdwn[] {
  const drifted = driftedOf([item]);
  const rest = drifted.length - mostListed;
  return [
    ...drifted.slice(0, mostListed).map(findingLine),
    ...(rest > 0 ? [md`and ${rest} more`] : []),
    md`_${plural(item.windows, 'bad window')} in a row, the last ended ${when(new Date(item.lastWindow))}_`,
  ];
}

function findingLine(finding: Finding): Mrkdwn {
  const { column, label, method, score, limit, direction } = finding;
  if (method === 'no_data' || method === 'dataset') return md`• *${inShort(finding)}*`;
  if (method === 'alarm') return md`• *${label}*: ${clip(finding.because ?? 'no words given', 300)}${seeMore(finding)}`;
  const value = score === null ? 'could not be computed' : `is ${figure(score)}`;
  const named = column ? md`*${column}*: ${label}` : md`*${label}*`;
  const over = direction === 'above' ? 'limit' : 'floor';
  const line = md`• ${named} ${value}${limit === null ? '' : `, ${over} ${figure(limit)}`}`;
  return method === 'slo_burn' && finding.because ? md`${line}: ${finding.because}` : line;
}

function seeMore({ url }: Finding): Mrkdwn {
  const safe = url === undefined ? undefined : linkTo(url, 'look');
  return safe ? md` (${safe})` : md``;
}

export function inShort({ column, label, method, score, limit, direction }: Finding): string {
  if (method === 'alarm') return label;
  if (method === 'no_data') return `${label} for ${figure(Math.floor(score ?? 0))} h`;
  if (method === 'dataset') return 'the whole data set, says the tool';
  // A small number is bad news only beside its name.
  const named = direction === 'below' && column ? `${column} ${label}` : column || label;
  const held = limit === null ? '' : ` (${direction === 'above' ? 'limit' : 'floor'} ${figure(limit)})`;
  return `${named} ${score === null ? 'unknown' : figure(score)}${held}`;
}

/** What happened to an alert, for the thread below its card. */
export type News =
  | { readonly joined: readonly Finding[] }
  | { readonly cleared: Item }
  | { readonly late: readonly Finding[]; readonly at: Date }
  | { readonly took: string; readonly until: Date }
  | { readonly snoozed: string; readonly until: Date };

export function historyLine(alert: Alert, news: News): Message {
  if ('joined' in news) return sentence(md`:heavy_plus_sign: Now drifting too: ${listed(news.joined)}.`);
  if ('late' in news)
    return sentence(
      md`:hourglass: A window of ${when(news.at)} came in late and was over its limit: ${listed(news.late)}. I only note it.`,
    );
  if ('took' in news) return sentence(md`:eyes: ${person(news.took)} took it. It is theirs until ${when(news.until)}.`);
  if ('snoozed' in news) return sentence(md`:zzz: ${person(news.snoozed)} snoozed it until ${when(news.until)}.`);
  const what = news.cleared.findings.length === 1 ? inShortOf(news.cleared) : news.cleared.metric;
  return sentence(
    alert.state === 'resolved'
      ? md`:white_check_mark: Back within the limits: ${what}.`
      : md`:heavy_minus_sign: Back within the limits: ${what}. Others still drift.`,
  );
}

const inShortOf = ({ findings, metric }: Item) => findings[0]?.column || findings[0]?.label || metric;

function listed(findings: readonly Finding[]): string {
  const rest = findings.length - 5;
  return `${findings.slice(0, 5).map(inShort).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Calls somebody by name below the card: because nobody answered, or because the taker's time is over. */
export function callMessage(alert: Alert, model: Model, who: readonly string[], why: 'unanswered' | 'lapsed'): Message {
  const people = join(who.map(person), ' ');
  const still = md`drift alert ${alert.number} of ${model.name} still stands: ${what(alert.items)}`;
  return sentence(
    why === 'lapsed'
      ? md`:bell: ${people}, ${still}. You took it a while ago: press *Acknowledge* if you are still on it.`
      : md`:bell: ${people}, ${still}. Nobody is on it yet: please press *Acknowledge*, or *Snooze* it.`,
  );
}

export function chartAlt(finding: Finding, model: string, points: readonly { at: Date; value: number }[]): string {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return `No readings of ${finding.label} for ${model} yet.`;
  const named = finding.column ? `${finding.label} of ${finding.column}` : finding.label;
  return `Line chart of ${named} for ${model}: ${figure(first.value)} on ${day(first.at)}, ${figure(last.value)} on ${day(last.at)}, ${finding.limit === null ? 'no limit' : `limit ${figure(finding.limit)}`}.`;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}

function stateMark(alert: Alert): Mrkdwn {
  switch (alert.state) {
    case 'open':
      return md`:red_circle:`;
    case 'acknowledged':
      return md`:eyes:`;
    case 'snoozed':
      return md`:zzz:`;
    case 'resolved':
      return md`:white_check_mark:`;
  }
}

function stateLine(alert: Alert): Mrkdwn {
  switch (alert.state) {
    case 'open':
      return md`Open, nobody is on it yet`;
    case 'acknowledged':
      return alert.takenUntil
        ? md`${person(alert.takenBy ?? '')} is on it until ${when(alert.takenUntil)}`
        : md`${person(alert.takenBy ?? '')} is on it`;
    case 'snoozed':
      return md`Snoozed until ${when(alert.snoozedUntil ?? alert.raisedAt)}`;
    case 'resolved':
      return alert.outcome === 'not_useful'
        ? md`${person(alert.endedBy ?? '')} found it not useful: ${alert.reason ?? ''}`
        : md`Back within the limits since ${when(alert.endedAt ?? alert.raisedAt)}`;
  }
}

function alertButtons(alert: Alert, model: Model) {
  const value = { alertId: alert.id };
  const about = { modelId: model.id, alertId: alert.id };
  return buttons(
    ...(alert.state === 'acknowledged'
      ? []
      : [button('Acknowledge', actions.acknowledgeAlert, value, { style: 'primary' })]),
    ...(alert.state === 'snoozed' ? [] : [button('Snooze', actions.snoozeAlert, value)]),
    button('Not useful', actions.alertNotUseful, value),
    button('Roll back', actions.askForRollback, about, { style: 'danger' }),
    button('Retrain', actions.retrain, about),
    button('Declare incident', actions.declareIncident, about),
    button('Why?', actions.explainAlert, value),
  );
}

export function alertList(list: readonly { alert: Alert; model: Model }[]): Message {
  if (list.length === 0) return sentence(md`:white_check_mark: No model is drifting. Nothing to do.`);
  const rows = list.map(
    ({ alert, model }) =>
      md`${alert.severity === 'warning' ? md`:warning: early warning` : stateMark(alert)} *${alert.number}* ${model.name} (${alert.environment}): ${what(alert.items)} – ${stateLine(alert)}`,
  );
  return message(
    md`${plural(list.length, 'drift alert stands', 'drift alerts stand')} open: ${inOneLine(list)}.`,
    section(join(rows, '\n')),
    footnote(md`\`/ml drift ack <number>\` takes one; \`/ml drift snooze <number> 4h\` quiets it.`),
  );
}

export function warningDigest(team: string, list: readonly { alert: Alert; model: Model }[]): Message {
  const rows = list
    .slice(0, 25)
    .map(
      ({ alert, model }) => md`• *${model.name}* (${alert.environment}), alert ${alert.number}: ${what(alert.items)}`,
    );
  const rest = list.length - rows.length;
  return message(
    md`${plural(list.length, 'early warning')} for ${team} today: ${inOneLine(list)}. Nobody has to act yet.`,
    section(md`:warning: *${plural(list.length, 'early warning')} for ${team}* – nobody has to act yet`),
    section(lines(...rows, rest > 0 && md`and ${rest} more: \`/ml drift\` lists them`)),
    footnote(md`\`/ml drift explain <number>\` shows the arithmetic; \`/ml drift ack <number>\` takes one.`),
  );
}

/** "churn-model (alert 1)", the first few. */
function inOneLine(list: readonly { alert: Alert; model: Model }[]): string {
  const named = list.slice(0, 3).map(({ alert, model }) => `${model.name} (alert ${alert.number})`);
  return `${named.join(', ')}${list.length > 3 ? ` and ${list.length - 3} more` : ''}`;
}

export function watchSet(watch: Watch, model: Model): Message {
  const side = watch.direction === 'above' ? 'above' : 'below';
  return sentence(
    md`:telescope: I watch *${watch.metric}* of ${model.name} in ${watch.environment}: I raise an alert when it is ${side} ${figure(watch.raiseAt)} in ${plural(watch.consecutive, 'window')} in a row.`,
  );
}

export function done(alert: Alert, did: string): Message {
  return sentence(md`Alert ${alert.number} ${did}.`);
}
