import { z } from 'zod';
import type { HeardAlarm } from '../../features/sources/heard.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
import { pythonJson } from '../../lib/python-json.ts';
import { alarmFrom, Alert, urlOf } from '../alertmanager/alerts.ts';

const GrafanaAlert = Alert.extend({
  panelURL: z.string().nullish(),
  dashboardURL: z.string().nullish(),
  /** By the letter of the query; null where it gave nothing. No alert is lost over them. */
  values: z.record(z.string(), z.number().nullable()).nullish().catch(null),
});
const Notification = z.object({ alerts: z.array(GrafanaAlert) });

/** Reads what a contact point of Grafana posts to a web-hook: Alertmanager's alerts with their panel and their values. */
export function readGrafana(body: string | Uint8Array): readonly HeardAlarm[] {
  const { alerts } = parsedAs(Notification, pythonJson(body), 'a notification of Grafana');
  return alerts.map((alert) => {
    const url = [alert.panelURL, alert.dashboardURL, alert.generatorURL].find((each) => urlOf(each).url);
    return { ...alarmFrom(alert), ...valueOf(alert.values), ...urlOf(url) };
  });
}

/** Several queries give several numbers, and nothing says which one was judged. */
function valueOf(values: Readonly<Record<string, number | null>> | null | undefined): { value?: number } {
  const [first, ...others] = Object.values(values ?? {}).filter((value) => value !== null);
  return first !== undefined && others.length === 0 ? { value: first } : {};
}
