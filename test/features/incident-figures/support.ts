import { eq } from 'drizzle-orm';
import type { Facts } from '../../../src/features/incident-figures/rules.ts';
import { figuresOf } from '../../../src/features/incident-figures/rules.ts';
import { takeReadings } from '../../../src/features/drift/intake.ts';
import { openAlerts } from '../../../src/features/drift/queries.ts';
import type { Severity } from '../../../src/features/drift/schema.ts';
import { setWatch } from '../../../src/features/drift/store.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { deliverDue } from '../../../src/messages/courier.ts';
import { sentCalls } from '../../../src/messages/schema.ts';
import type { SlackApi } from '../../../src/ports.ts';
import { type House, quietSlack } from '../../support/house.ts';

/** Monday 2 March 2026, so many minutes after midnight in UTC. */
export const at = (minutes: number) => new Date(Date.UTC(2026, 2, 2, 0, minutes));
export const min = 60_000;

/** At any hour of any day, so that working time is all of it. */
const always = { zone: 'UTC', hoursFrom: '00:00', hoursTo: '00:00', workdays: [1, 2, 3, 4, 5, 6, 7], away: [] };
export const usual = { ...always, hoursFrom: '09:00', hoursTo: '17:00', workdays: [1, 2, 3, 4, 5] };

export const facts = (number: number, more: Partial<Facts> = {}, incident: Partial<Facts['incident']> = {}): Facts => ({
  incident: {
    number,
    title: 'Scores are off',
    kind: 'incident',
    state: 'closed',
    severity: 'sev2',
    reopenCount: 0,
    cancelReason: null,
    resolvedAt: at(90),
    ...incident,
  },
  model: 'churn-model',
  work: always,
  times: {
    onset: at(0),
    detected: at(10),
    declared: at(15),
    acknowledged: at(18),
    mitigated: at(60),
    resolved: at(90),
  },
  isByAlert: true,
  rollbacks: [],
  ...more,
});
export const figure = (all: readonly Facts[], code: string) => figuresOf(all).find((each) => each.code === code);

let stamps = 0;

/** The courier brings everything that is due to a Slack that takes it; answers what it posted. */
export async function deliver(house: House, slack: Partial<SlackApi> = {}): Promise<string[]> {
  const posted: string[] = [];
  const ctx = {
    ...house.ctx,
    slack: {
      ...quietSlack(),
      openDm: (user) => Promise.resolve({ ok: true, value: { channel: `D${user}` } }),
      post: ({ marker }) => {
        posted.push(marker);
        stamps += 1;
        return Promise.resolve({ ok: true, value: { ts: `${house.now().getTime() / 1000}.${stamps}` } });
      },
      update: () => Promise.resolve({ ok: true, value: {} }),
      ...slack,
    } satisfies SlackApi,
  };
  const draw = () => ({ png: new Uint8Array(), alt: 'a picture' });
  while (await deliverDue(ctx, draw, 0));
  return posted;
}

/** What is on record of calls, as "about at". */
export async function callsOf(house: House): Promise<string[]> {
  const { db, workspace } = house.ctx;
  const ours = eq(sentCalls.workspace, workspace);
  const rows = await db.select().from(sentCalls).where(ours).orderBy(sentCalls.at, sentCalls.key);
  return rows.map(({ about, at }) => `${about.split(':')[0]} ${at.toISOString().slice(11, 16)}`);
}

/** Two bad windows of the error rate, an hour apart, and the alert that they raise. */
export async function alerted(house: House, model: Model, severity: Severity = 'critical') {
  const name = { modelId: model.id, environment: 'production', metric: 'error_rate', column: '' };
  await setWatch(house.ctx, name, { raiseAt: 0.1, clearAt: 0.05, minRows: 0, severity }, 'OLGA');
  for (const value of [0.3, 0.3]) {
    house.later(60);
    const one = { model: model.name, metric: 'error_rate', value, at: house.now().toISOString(), rows: 500 };
    await takeReadings(house.ctx, [one]);
  }
  const [alert] = await openAlerts(house.ctx);
  if (!alert) throw new Error('no alert was raised');
  return alert;
}
