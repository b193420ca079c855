import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { HeardAlarm } from '../../features/sources/heard.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
import { pythonJson } from '../../lib/python-json.ts';

const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const Texts = z
  .record(z.string(), z.string())
  .nullish()
  .transform((texts) => texts ?? {});

/** Alertmanager and Grafana share this much of an alert. */
export const Alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Texts,
  annotations: Texts,
  startsAt: Instant,
  endsAt: Instant.nullish(),
  fingerprint: z.string().nullish(),
  generatorURL: z.string().nullish(),
});
export type Alert = z.output<typeof Alert>;

const Notification = z.object({ alerts: z.array(Alert) });

/** Reads what Alertmanager posts to a web-hook, version 4: one alarm an alert. */
export function readAlertmanager(body: string | Uint8Array): readonly HeardAlarm[] {
  const { alerts } = parsedAs(Notification, pythonJson(body), 'a notification of Alertmanager');
  return alerts.map((alert) => ({ ...alarmFrom(alert), ...urlOf(alert.generatorURL) }));
}

const critical = new Set(['critical', 'page', 'error', 'emergency', 'fatal', 'high']);
/** Alertmanager writes the year 1 for "has not ended". */
const longAgo = new Date('1971-01-01T00:00:00Z');

export function alarmFrom({ status, labels, annotations, startsAt, endsAt, fingerprint }: Alert): HeardAlarm {
  const name = labels['alertname'] || 'An alert without a name';
  const model = labels['pitcrew_model'] || labels['model'] || labels['model_name'];
  const environment = labels['environment'] || labels['env'];
  const words = [annotations['summary'] || annotations['title'], annotations['description'] || annotations['message']];
  return {
    kind: 'alarm',
    key: fingerprint || fingerprintOf(labels),
    name,
    summary: words.filter(Boolean).join(': ') || said(labels),
    state: status,
    severity: critical.has((labels['severity'] ?? '').toLowerCase()) ? 'critical' : 'warning',
    startedAt: startsAt,
    ...(status === 'resolved' && endsAt && endsAt > longAgo && { endedAt: endsAt }),
    ...(model && { model }),
    ...(environment && { environment }),
  };
}

function said(labels: Readonly<Record<string, string>>): string {
  const others = Object.entries(labels).filter(([name]) => name !== 'alertname');
  return others.map(([name, value]) => `${name} ${value}`).join(', ') || 'It says nothing more.';
}

/** The labels are what makes an alert the same alert. */
function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}

const longestUrl = 2000;

/**
 * Only what a browser may open and a message has room for; Grafana sends "?orgId=1" where it does not know its own
 * address.
 */
export function urlOf(text: string | null | undefined): { url?: string } {
  const isUrl = text && text.length <= longestUrl && /^https?:\/\//i.test(text) && URL.canParse(text);
  return isUrl ? { url: text } : {};
}
