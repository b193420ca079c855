import { z } from 'zod';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, fields, footnote, type Message, message, picture, section, sentence } from '../../slack/blocks.ts';
import { form, optionalText, selectField } from '../../slack/forms.ts';
import { figure, join, lines, md, type Mrkdwn, person, plural, when, withStop } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { worstFirst } from './rules.ts';
import type { Alert, Finding, Item, Watch } from './schema.ts';

/** What the card shows of the series behind the worst finding. */
export interface Shown {
  readonly key: string;
  readonly alt: string;
}

export function alertCard(alert: Alert, model: Model, shown?: Shown): Message {
  const live = alert.items.filter((item) => !item.clearedAt);
  const items = live.length > 0 ? live : alert.items;
  const since = new Date(items.map((item) => item.since).toSorted()[0] ?? alert.raisedAt);
  return message(
    fullSentence(alert, model, items, since),
    section(md`${stateMark(alert)} *Drift: ${model.name}* in ${alert.environment} – alert ${alert.number}`),
    section(lines(...items.flatMap(moved))),
    fields(
      md`*Owner*\n${person(model.ownerId)}, ${model.deputyId ? md`deputy ${person(model.deputyId)}` : 'no deputy'}`,
      md`*Since*\n${when(since)}`,
      md`*Version when raised*\n${alert.version ?? 'not known'}`,
      md`*State*\n${stateLine(alert)}`,
    ),
    shown && picture(shown.key, shown.alt),
    alert.state !== 'resolved' && alertButtons(alert, model),
  );
}

function fullSentence(alert: Alert, model: Model, items: readonly Item[], since: Date): Mrkdwn {
  const moving = md`${model.name} has drifted in ${alert.environment} since ${when(since)}: ${what(items)}`;
  switch (alert.state) {
    case 'open':
      return md`Drift alert ${alert.number}: ${moving}. ${person(model.ownerId)}, please acknowledge it or roll back.`;
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
  return worstFirst(items.flatMap((item) => item.findings.filter((finding) => finding.drifted)));
}

const mostListed = 8;

/** "amount: Wasserstein distance is 0.533, limit 0.1", the worst first. */
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
  const score = finding.score === null ? 'could not be computed' : `is ${figure(finding.score)}`;
  const named = finding.column ? md`*${finding.column}*: ${finding.label}` : md`*${finding.label}*`;
  const over = finding.direction === 'above' ? 'limit' : 'floor';
  return md`• ${named} ${score}, ${over} ${figure(finding.limit)}`;
}

export function inShort({ column, label, score, limit }: Finding): string {
  return `${column || label} ${score === null ? 'unknown' : figure(score)} (limit ${figure(limit)})`;
}

export function chartAlt(finding: Finding, model: string, points: readonly { at: Date; value: number }[]): string {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return `No readings of ${finding.label} for ${model} yet.`;
  const named = finding.column ? `${finding.label} of ${finding.column}` : finding.label;
  return `Line chart of ${named} for ${model}: ${figure(first.value)} on ${day(first.at)}, ${figure(last.value)} on ${day(last.at)}, limit ${figure(finding.limit)}.`;
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
      return md`${person(alert.takenBy ?? '')} is on it`;
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
    button('Declare incident', actions.declareIncident, about),
  );
}

export const snoozeForm = form(
  'drift.snooze.form',
  { title: 'Snooze this alert', submit: 'Snooze' },
  z.object({ alertId: z.uuid() }),
  {
    length: selectField('For how long', [
      { text: '1 hour', value: '1h' },
      { text: '4 hours', value: '4h' },
      { text: '1 day', value: '1d' },
      { text: '3 days', value: '3d' },
      { text: '1 week', value: '7d' },
    ]),
  },
);

export const reasons = {
  expected: 'We expected this',
  noise: 'It is noise: too few rows, or too sharp a limit',
  harmless: 'It moved, but predictions are fine',
  data: 'The report itself was wrong',
} as const;

export const notUsefulForm = form(
  'drift.not-useful.form',
  { title: 'Not useful', submit: 'Close the alert' },
  z.object({ alertId: z.uuid() }),
  {
    reason: selectField(
      'Why was it not useful?',
      Object.entries(reasons).map(([value, text]) => ({ value, text })),
      'It counts for the rule, so that the rule can be made better.',
    ),
    note: optionalText('Anything to add', { multiline: true }),
  },
);

export function alertList(list: readonly { alert: Alert; model: Model }[]): Message {
  if (list.length === 0) return sentence(md`:white_check_mark: No model is drifting. Nothing to do.`);
  const rows = list.map(
    ({ alert, model }) =>
      md`${stateMark(alert)} *${alert.number}* ${model.name} (${alert.environment}) – ${stateLine(alert)}`,
  );
  return message(
    md`${plural(list.length, 'drift alert stands', 'drift alerts stand')} open: ${inOneLine(list)}.`,
    section(join(rows, '\n')),
    footnote(md`\`/ml drift ack <number>\` takes one; \`/ml drift snooze <number> 4h\` quiets it.`),
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
