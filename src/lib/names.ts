import { Refusal } from './refusal.ts';

/**
 * A name that people can type and that stands in messages: one line of 1 to `max` characters, with a letter or a digit
 * in it, and nothing that Slack would read as a mention.
 */
export function checkedName(text: string, max: number, field = 'name'): string {
  const name = text.trim().replaceAll(/\s+/g, ' ');
  if (name === '') throw new Refusal('A name cannot be empty.', { field });
  if (name.length > max)
    throw new Refusal(`A name has at most ${max} characters; this one has ${name.length}.`, { field });
  if (/[<>]/.test(name)) throw new Refusal('A name cannot hold < or >: Slack would read them as a mention.', { field });
  if (/\p{C}/u.test(name)) throw new Refusal('A name cannot hold characters that nobody sees.', { field });
  if (!/[\p{L}\p{N}]/u.test(name))
    throw new Refusal('A name needs a letter or a digit, so that people can type it.', { field });
  return name;
}
