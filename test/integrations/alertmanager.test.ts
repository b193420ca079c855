import { describe, expect, it } from 'vitest';
import { readAlertmanager, urlOf } from '../../src/integrations/alertmanager/alerts.ts';

const alert = {
  status: 'firing',
  labels: { alertname: 'QueueGrows', severity: 'warning' },
  startsAt: '2026-04-01T08:00:00Z',
};
const read = (more: object, around: object = {}) =>
  readAlertmanager(JSON.stringify({ version: '4', alerts: [{ ...alert, ...more }], ...around }))[0];

describe('what Alertmanager leaves open', () => {
  it('an alert needs no more than its state, its labels and its start', () => {
    expect(read({})).toEqual({
      kind: 'alarm',
      key: expect.stringMatching(/^[0-9a-f]{16}$/),
      name: 'QueueGrows',
      summary: 'severity warning',
      state: 'firing',
      severity: 'warning',
      startedAt: new Date('2026-04-01T08:00:00Z'),
    });
  });
  it.each(['annotations', 'endsAt', 'fingerprint', 'generatorURL'])('%s may be null', (field) => {
    expect(read({ [field]: null })).toEqual(read({}));
  });
  it('fields that are not known change nothing', () => {
    const around = { notification_reason: 'first notification', routeLabels: {}, truncatedAlerts: 3 };
    expect(read({ more: { deep: [] } }, around)).toEqual(read({}));
  });
});

it('one delivery may hold alerts that fire and alerts that ended', () => {
  const ended = { ...alert, status: 'resolved', endsAt: '2026-04-01T09:00:00Z' };
  const alarms = readAlertmanager(JSON.stringify({ status: 'firing', alerts: [alert, ended] }));
  expect(alarms.map(({ state }) => state)).toEqual(['firing', 'resolved']);
  expect(alarms[0]?.key).toBe(alarms[1]?.key);
});

it('our own label for the model wins over one that may mean hardware', () => {
  const labels = { ...alert.labels, model: 'A100', pitcrew_model: 'churn-model', environment: 'production' };
  expect(read({ labels })).toMatchObject({ model: 'churn-model', environment: 'production' });
});

it('text comes through as it is, however long it is and whatever it looks like', () => {
  const long = '<!channel> '.repeat(20_000);
  const labels = { alertname: '<!channel>', model: '<@U1>' };
  expect(read({ labels, annotations: { summary: long } })).toMatchObject({
    name: '<!channel>',
    model: '<@U1>',
    summary: long,
  });
});

it('the field that is off is named by its place in the list', () => {
  const body = JSON.stringify({ alerts: [alert, alert, { ...alert, startsAt: 12 }] });
  expect(() => readAlertmanager(body)).toThrow(/: alerts\[2\]\.startsAt: /);
});

it.each([
  ['https://prometheus.example/graph', true],
  ['HTTP://prometheus.example', true],
  ['?orgId=1', false],
  ['/graph', false],
  ['javascript:alert(1)', false],
  ['https://', false],
  ['', false],
  [null, false],
  [`https://prometheus.example/graph?g0.expr=${'x'.repeat(2000)}`, false],
])('%s is a page to open: %s', (text, wanted) => expect(urlOf(text)).toEqual(wanted ? { url: text } : {}));
