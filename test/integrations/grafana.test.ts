import { expect, it } from 'vitest';
import { readGrafana } from '../../src/integrations/grafana/grafana.ts';

const alert = {
  status: 'firing',
  labels: { alertname: 'LatencyHigh', model: 'churn-model', grafana_folder: '<!channel>' },
  annotations: { summary: 'p99 over 1 s' },
  startsAt: '2026-04-01T08:00:00.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'https://grafana.example/alerting/1',
  fingerprint: 'f1',
  dashboardURL: 'https://grafana.example/d/1',
  panelURL: '',
  values: { B: 1.4 },
};
const bodyOf = (more: object) => JSON.stringify({ version: '1', state: 'alerting', alerts: [{ ...alert, ...more }] });
const read = (more: object) => readGrafana(bodyOf(more))[0];

it('an alert that fires has everything that Grafana says of it', () => {
  expect(read({})).toEqual({
    kind: 'alarm',
    key: 'f1',
    name: 'LatencyHigh',
    summary: 'p99 over 1 s',
    state: 'firing',
    severity: 'warning',
    startedAt: new Date('2026-04-01T08:00:00.123Z'),
    model: 'churn-model',
    value: 1.4,
    url: 'https://grafana.example/d/1',
  });
});

it('an alert that ended says when', () => {
  expect(read({ status: 'resolved', endsAt: '2026-04-01T08:30:00Z', values: null })).toMatchObject({
    state: 'resolved',
    endedAt: new Date('2026-04-01T08:30:00Z'),
  });
});

it.each([
  [{ panelURL: 'https://grafana.example/p' }, 'https://grafana.example/p'],
  [{ panelURL: null, dashboardURL: null }, 'https://grafana.example/alerting/1'],
  [{ dashboardURL: '', generatorURL: '?orgId=1' }, undefined],
])('with %j it leads to %s', (more, url) => expect(read(more)?.url).toBe(url));

it.each([{ values: { B: 'NaN' } }, { values: 'none' }, { values: {} }, { values: undefined }])(
  'no alert is lost over %j',
  (more) => {
    expect(read(more)).toMatchObject({ key: 'f1' });
    expect(read(more)).not.toHaveProperty('value');
  },
);

it('the field that is off is named', () => {
  expect(() => readGrafana(bodyOf({ status: 'alerting' }))).toThrow(/of Grafana: alerts\[0\]\.status: /);
});

it.each(['', 'alerts', '[]', '"alerts"', 'null', '{"alerts": {}}'])('%j is refused', (body) => {
  expect(() => readGrafana(body)).toThrow(expect.objectContaining({ name: 'Refusal' }));
});
