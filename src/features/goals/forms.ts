import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { section } from '../../slack/blocks.ts';
import { dateField, numberField, optional, optionalText, selectField, textField } from '../../slack/fields.ts';
import { form } from '../../slack/forms.ts';
import { md } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { directions, type Goal, kinds, measures } from './schema.ts';
import { directionWords, kindWords, measureWords, targetWords } from './words.ts';

const Carried = z.object({
  modelId: z.uuid(),
  /** Set when a standing goal is changed. */
  goal: z.object({ id: z.uuid(), revision: z.int() }).optional(),
});

export const goalForm = form('goal', { title: 'A shared metric', submit: 'Save' }, Carried, {
  name: textField('Name', { hint: 'What people call it, for example "AUC" or "Answer time".', max: 80 }),
  kind: selectField(
    'Kind',
    kinds.map((value) => ({ value, text: kindWords[value] })),
  ),
  metric: textField('Comes in as', { hint: 'The name that your pipeline sends it under, for example auc.', max: 100 }),
  column: optionalText('Column', { hint: 'Only where the metric is of one column.' }),
  measure: selectField(
    'What is held against the goal',
    measures.map((value) => ({ value, ...measureWords[value] })),
  ),
  direction: selectField(
    'Good is',
    directions.map((value) => ({ value, text: directionWords[value] })),
  ),
  target: numberField('Goal', { hint: 'A percentage for shares and CSAT, -100 to 100 for NPS.' }),
  limit: optional(numberField('One window is good from', { hint: 'Only for the share of good windows.' })),
  unit: optionalText('Unit', { hint: 'For example ms. Shares are in % already.' }),
  period: numberField('Period in days', { decimal: false, min: 1, max: 90 }),
});

export function goalFormFor(model: Model, goal?: Goal): ModalView {
  const carried = { modelId: model.id, ...(goal && { goal: { id: goal.id, revision: goal.revision } }) };
  return goalForm.view(carried, {
    above: [section(md`For *${model.name}* in ${model.environment}. The team is asked to agree in its channel.`)],
    start: goal
      ? {
          name: goal.name,
          kind: goal.kind,
          metric: goal.metric,
          column: goal.column,
          measure: goal.measure,
          direction: goal.direction,
          target: String(goal.target),
          ...(goal.limit !== null && { limit: String(goal.limit) }),
          unit: goal.unit,
          period: String(goal.periodDays),
        }
      : { kind: 'performance', measure: 'value', direction: 'at_least', period: '30' },
  });
}

const ofGoal = z.object({ goalId: z.uuid() });
const words = { title: 'Enter a result', submit: 'Save' };
const many = (label: string) => numberField(label, { decimal: false, min: 0, max: 1_000_000 });
const day = dateField('Day', 'The day it was measured, or the survey ended.');

export const valueForm = form('goal-value', words, ofGoal, {
  day,
  value: numberField('Value'),
  rows: optional(many('Measured from how many cases')),
});
export const shareForm = form('goal-share', words, ofGoal, {
  day,
  good: many('Good ones'),
  total: many('All of them'),
});
export const csatForm = form('goal-csat', words, ofGoal, {
  day,
  satisfied: many('Answers of 4 or 5'),
  answers: many('All answers'),
});
export const npsForm = form('goal-nps', words, ofGoal, {
  day,
  promoters: many('Answers of 9 or 10'),
  detractors: many('Answers of 0 to 6'),
  answers: many('All answers'),
});

/** Asks for what this goal is counted from. */
export function resultFormFor(goal: Goal, model: Model, today: string): ModalView {
  const carried = { goalId: goal.id };
  const look = {
    above: [section(md`*${goal.name}* of *${model.name}*, goal ${targetWords(goal)}`)],
    start: { day: today },
  };
  switch (goal.measure) {
    case 'value':
    case 'windows':
      return valueForm.view(carried, look);
    case 'events':
      return shareForm.view(carried, look);
    case 'csat':
      return csatForm.view(carried, look);
    case 'nps':
      return npsForm.view(carried, look);
  }
}
