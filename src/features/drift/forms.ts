import { z } from 'zod';
import { form } from '../../slack/forms.ts';
import { optionalText, selectField } from '../../slack/fields.ts';

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
  details: 'It did not say enough to act on it',
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
