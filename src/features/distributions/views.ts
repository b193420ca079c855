import { footnote, type Message, message, picture, section } from '../../slack/blocks.ts';
import { figure, md, type Mrkdwn, plural, when } from '../../slack/mrkdwn.ts';
import type { Finding } from '../drift/schema.ts';
import type { Model } from '../models/schema.ts';
import type { Reference } from './schema.ts';

export function pictureMessage({ column, label, score }: Finding, { rows, at }: Reference, key: string): Message {
  const said = score === null ? label : `${label} ${figure(score)}`;
  const whole = `How ${column} lies now beside its reference: ${said}.`;
  return message(
    md`${whole}`,
    section(md`:bar_chart: How *${column}* lies now beside its reference: ${said}`),
    picture(key, whole),
    footnote(md`The reference is the window that ended ${when(at)}, ${new Intl.NumberFormat('en').format(rows)} rows.`),
  );
}

export function frozenWords(features: number, model: Model): Mrkdwn {
  return md`:snowflake: ${plural(features, 'feature')} of *${model.name}* are compared with the newest window from now on. The old reference is kept.`;
}
