import type { Role } from '../features/teams/schema.ts';

interface Hire {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly title: string;
  readonly tz: string;
  readonly roles: readonly Role[];
}

/** The team of the demo: six people, every role held. */
export const crew: readonly Hire[] = [
  { id: 'U01OLGA', name: 'olga', realName: 'Olga Marin', title: 'Data scientist', tz: 'Europe/Berlin', roles: ['ds'] },
  {
    id: 'U02DEV',
    name: 'dev',
    realName: 'Dev Patel',
    title: 'ML engineer',
    tz: 'Europe/London',
    roles: ['mle', 'mon'],
  },
  { id: 'U03LEA', name: 'lea', realName: 'Lea Adler', title: 'Team lead', tz: 'Europe/Berlin', roles: ['mle'] },
  {
    id: 'U04ENZO',
    name: 'enzo',
    realName: 'Enzo Gil',
    title: 'DevOps engineer',
    tz: 'America/New_York',
    roles: ['ops'],
  },
  { id: 'U05PIA', name: 'pia', realName: 'Pia Roth', title: 'Product manager', tz: 'Europe/Berlin', roles: ['pm'] },
  {
    id: 'U06MEI',
    name: 'mei',
    realName: 'Mei Chen',
    title: 'Data engineer',
    tz: 'Asia/Singapore',
    roles: ['de', 'qa'],
  },
];

const everyone = crew.map((each) => each.id);

export const channels = [
  { id: 'C01GENERAL', name: 'general', topic: 'Company-wide', members: everyone },
  { id: 'C02RETAIN', name: 'ml-retention', topic: 'churn-model: who is about to leave', members: everyone },
  { id: 'C03PRICE', name: 'ml-pricing', topic: 'price-model: what a ride costs', members: everyone },
  { id: 'C04FRAUD', name: 'ml-fraud', topic: 'fraud-model: which payments to hold', members: everyone },
];

/** Three models; each has gone live twice before. */
export const models = [
  {
    name: 'churn-model',
    description: 'Who is about to leave',
    ownerId: 'U01OLGA',
    deputyId: 'U02DEV',
    channel: 'C02RETAIN',
    tier: 1,
    versions: ['12', '13', '14'],
    columns: ['tenure_days', 'monthly_charge', 'support_calls', 'plan'],
  },
  {
    name: 'price-model',
    description: 'What a ride costs',
    ownerId: 'U02DEV',
    deputyId: 'U03LEA',
    channel: 'C03PRICE',
    tier: 2,
    versions: ['7', '8', '9'],
    columns: ['distance_km', 'demand', 'weekday'],
  },
  {
    name: 'fraud-model',
    description: 'Which payments to hold',
    ownerId: 'U03LEA',
    deputyId: 'U01OLGA',
    channel: 'C04FRAUD',
    tier: 1,
    versions: ['30', '31', '32'],
    columns: ['amount', 'country', 'card_age_days'],
  },
] as const;
export type DemoModel = (typeof models)[number];
