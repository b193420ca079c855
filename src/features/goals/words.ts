import { figure } from '../../slack/mrkdwn.ts';
import type { Direction, Goal, Kind, Measure } from './schema.ts';

export const kindWords: Readonly<Record<Kind, string>> = {
  performance: 'Model performance',
  uptime: 'System uptime',
  satisfaction: 'User satisfaction',
  data: 'Data',
  business: 'Business',
};

export const measureWords: Readonly<Record<Measure, { readonly text: string; readonly description: string }>> = {
  value: { text: 'The newest value', description: 'As it comes in, for example an AUC or a latency' },
  events: { text: 'Share of good requests, in %', description: 'An SLO with an error budget, from good and total' },
  windows: { text: 'Share of good windows, in %', description: 'For example: 95 % of days with AUC of at least 0.9' },
  csat: { text: 'CSAT: % of answers 4 or 5', description: 'Of answers from 1 to 5, over the period' },
  nps: { text: 'NPS', description: '% of answers 9-10 less % of 0-6, over the period' },
};

export const directionWords: Readonly<Record<Direction, string>> = { at_least: 'at least', at_most: 'at most' };

/** Shares need their digits: 99.95 % and 99.9 % are far apart. */
export function inUnit({ measure, unit }: Pick<Goal, 'measure' | 'unit'>, value: number): string {
  switch (measure) {
    case 'events':
    case 'windows':
      return `${Number(value.toFixed(3))} %`;
    case 'csat':
      return `${Number(value.toFixed(1))} %`;
    case 'nps':
      return value > 0 ? `+${Number(value.toFixed(1))}` : `${Number(value.toFixed(1))}`;
    case 'value':
      return unit ? `${figure(value)} ${unit}` : figure(value);
  }
}

/** "at least 0.9", "at least 95 % of windows with at least 0.9 over 30 days" */
export function targetWords(goal: Goal): string {
  const side = directionWords[goal.direction];
  const target = `${side} ${inUnit(goal, goal.target)}`;
  switch (goal.measure) {
    case 'value':
      return target;
    case 'events':
      return `${target} of requests good over ${goal.periodDays} days`;
    case 'windows':
      return `${target} of windows with ${side} ${figure(goal.limit ?? 0)} over ${goal.periodDays} days`;
    case 'csat':
    case 'nps':
      return `${target} over ${goal.periodDays} days`;
  }
}
