import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAlertmanager } from '../../src/integrations/alertmanager/alerts.ts';
import { readGrafana } from '../../src/integrations/grafana/grafana.ts';
import { Refusal } from '../../src/lib/refusal.ts';

const alert = {
  status: 'firing',
  labels: { alertname: 'SlowAnswers', severity: 'page', model: 'churn-model', env: 'staging' },
  annotations: { summary: 'p99 is 900 ms', description: 'It was 200 ms yesterday <!channel>' },
  startsAt: '2026-03-02T09:00:00.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'https://prometheus.example/graph?g0=1',
  fingerprint: 'abc',
};
const bodyOf = (...alerts: object[]) => JSON.stringify({ version: '4', groupKey: 'g', alerts, more: 1 });
const refusalOf = (read: () => unknown) => {
  try {
    read();
  } catch (error) {
    if (error instanceof Refusal) return { field: error.field, message: error.message };
    throw error;
  }
  throw new Error('it was accepted');
};

describe('Alertmanager', () => {
  it('an alert that fires has its words, its model and its place; the year 1 is no end', () => {
    expect(readAlertmanager(bodyOf(alert))).toEqual([
      {
        kind: 'alarm',
        key: 'abc',
        name: 'SlowAnswers',
        summary: 'p99 is 900 ms: It was 200 ms yesterday <!channel>',
        state: 'firing',
        severity: 'critical',
        startedAt: new Date('2026-03-02T09:00:00.123Z'),
        model: 'churn-model',
        environment: 'staging',
        url: 'https://prometheus.example/graph?g0=1',
      },
    ]);
  });

  it('an alert that ended says when', () => {
    const [ended] = readAlertmanager(bodyOf({ ...alert, status: 'resolved', endsAt: '2026-03-02T10:00:00+01:00' }));
    expect(ended).toMatchObject({ state: 'resolved', endedAt: new Date('2026-03-02T09:00:00Z') });
  });

  it('without a fingerprint its labels tell it from others, in any order', () => {
    const bare = { ...alert, fingerprint: undefined };
    const turned = { ...bare, labels: Object.fromEntries(Object.entries(alert.labels).toReversed()) };
    const [one, two, other] = readAlertmanager(bodyOf(bare, turned, { ...bare, labels: { alertname: 'Other' } }));
    expect(one?.key).toBe(two?.key);
    expect(one?.key).not.toBe(other?.key);
  });

  it.each([
    ['page', 'critical'],
    ['CRITICAL', 'critical'],
    ['warning', 'warning'],
    ['info', 'warning'],
    [undefined, 'warning'],
  ])('severity %s is %s', (severity, wanted) => {
    const labels = { alertname: 'A', ...(severity && { severity }) };
    expect(readAlertmanager(bodyOf({ ...alert, labels }))[0]?.severity).toBe(wanted);
  });

  it('an alert without words is told by its labels', () => {
    const bare = { ...alert, annotations: {}, labels: { alertname: 'A', instance: 'gpu-1' } };
    expect(readAlertmanager(bodyOf(bare))[0]?.summary).toBe('instance gpu-1');
  });

  it.each([
    [{ ...alert, startsAt: undefined }, 'alerts[0].startsAt'],
    [{ ...alert, startsAt: 'today' }, 'alerts[0].startsAt'],
    [{ ...alert, status: 'maybe' }, 'alerts[0].status'],
    [{ ...alert, labels: { alertname: 3 } }, 'alerts[0].labels.alertname'],
  ])('refuses what it cannot read and names the field', (bad, field) => {
    expect(refusalOf(() => readAlertmanager(bodyOf(bad)))).toMatchObject({ field });
  });

  it.each([
    ['[]', 'body'],
    ['{}', 'alerts'],
    ['not json', 'body'],
    ['', 'body'],
  ])('refuses %j', (body, field) => expect(refusalOf(() => readAlertmanager(body))).toMatchObject({ field }));

  it('no alerts are nothing', () => expect(readAlertmanager(bodyOf())).toEqual([]));
});

describe('Grafana', () => {
  const panel = { ...alert, panelURL: 'https://grafana.example/d/1?viewPanel=2', values: { A: 41.5 } };
  it('an alert has its panel and its value', () => {
    expect(readGrafana(bodyOf(panel))[0]).toMatchObject({ url: panel.panelURL, value: 41.5 });
  });
  it.each([
    ['several values say nothing of which one counts', { values: { A: 1, B: 2 } }, 'value'],
    ['no values', { values: null }, 'value'],
    ['an address that leads nowhere', { panelURL: '?orgId=1', generatorURL: '?orgId=1' }, 'url'],
    ['an address that is a program', { panelURL: 'javascript:alert(1)', generatorURL: '' }, 'url'],
  ])('%s', (_, more, absent) => {
    expect(readGrafana(bodyOf({ ...panel, ...more }))[0]).not.toHaveProperty(absent);
  });
});

const samples = new URL('../../../shared/samples/', import.meta.url);
describe.runIf(existsSync(samples))('real payloads', () => {
  const names = (existsSync(samples) ? readdirSync(samples) : []).filter((name) =>
    /^(alertmanager|grafana)-/.test(name),
  );
  it.each(names)('%s', (name) => {
    const read = name.startsWith('grafana') ? readGrafana : readAlertmanager;
    const alarms = read(readFileSync(new URL(name, samples)));
    expect(alarms.length).toBeGreaterThan(0);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ kind: 'alarm', state: 'firing', key: expect.stringMatching(/^[0-9a-f]{16}$/) });
      expect(alarm.summary).not.toBe('');
      expect(alarm).not.toHaveProperty('endedAt');
    }
  });
});
