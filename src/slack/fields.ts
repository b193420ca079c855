import type { InputBlock, PlainTextOption } from '@slack/types';
import { z } from 'zod';
import { Refusal } from '../lib/refusal.ts';
import { plain } from './blocks.ts';
import { clip, limits } from './limits.ts';

/** One input of a modal: how it is drawn, and how what was typed becomes a value. */
export interface Field<T> {
  /** Nothing where there is nothing to choose from; it then reads as empty. */
  readonly draw: (name: string, start: string | undefined, options: readonly Choice[]) => InputBlock | undefined;
  readonly read: (typed: Typed | undefined) => T;
}
export interface Choice {
  readonly text: string;
  readonly value: string;
  readonly description?: string;
}

/** What Slack sends for one input; only what we read. */
export const Typed = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
  selected_user: z.string().nullish(),
  selected_users: z.array(z.string()).nullish(),
  selected_conversation: z.string().nullish(),
  selected_conversations: z.array(z.string()).nullish(),
  selected_date: z.string().nullish(),
  selected_date_time: z.number().nullish(),
  selected_time: z.string().nullish(),
});
export type Typed = z.infer<typeof Typed>;

export function textField(
  label: string,
  look: { hint?: string; multiline?: boolean; min?: number; max?: number } = {},
): Field<string> {
  const max = Math.min(look.max ?? limits.plainTextInput, limits.plainTextInput);
  return {
    draw: (name, start) =>
      input(name, label, look.hint, {
        type: 'plain_text_input',
        action_id: name,
        multiline: look.multiline ?? false,
        max_length: max,
        ...(look.min !== undefined && { min_length: look.min }),
        ...(start !== undefined && { initial_value: clip(start, max) }),
      }),
    read: (typed) => {
      const text = typed?.value?.trim() ?? '';
      if (text.length < (look.min ?? 1)) {
        throw new Refusal(look.min ? `Say it in at least ${look.min} characters.` : `${label} is empty.`);
      }
      return text;
    },
  };
}

/** Like textField, but may stay empty. */
export function optionalText(label: string, look: { hint?: string; multiline?: boolean } = {}): Field<string> {
  return {
    draw: (name, start) => asOptional(textField(label, look).draw(name, start || undefined, [])),
    read: (typed) => typed?.value?.trim() ?? '',
  };
}

export function numberField(
  label: string,
  look: { hint?: string; decimal?: boolean; min?: number; max?: number } = {},
): Field<number> {
  const { hint, decimal = true, min, max } = look;
  return {
    draw: (name, start) =>
      input(name, label, hint, {
        type: 'number_input',
        action_id: name,
        is_decimal_allowed: decimal,
        ...(min !== undefined && { min_value: String(min) }),
        ...(max !== undefined && { max_value: String(max) }),
        ...(start && { initial_value: start }),
      }),
    read: (typed) => {
      const number = typed?.value ? Number(typed.value) : Number.NaN;
      if (!Number.isFinite(number)) throw new Refusal(`${label} has to be a number.`);
      if (min !== undefined && number < min) throw new Refusal(`${label} has to be ${min} or more.`);
      if (max !== undefined && number > max) throw new Refusal(`${label} has to be ${max} or less.`);
      if (!decimal && !Number.isInteger(number)) throw new Refusal(`${label} has to be a whole number.`);
      return number;
    },
  };
}

export function selectField(label: string, fixed: readonly Choice[] = [], hint?: string): Field<string> {
  return {
    draw: (name, start, given) => {
      const options = [...fixed, ...given].slice(0, limits.options).map(option);
      const initial = options.find((each) => each.value === start);
      if (options.length === 0) return undefined;
      return input(name, label, hint, {
        type: 'static_select',
        action_id: name,
        options,
        ...(initial && { initial_option: initial }),
      });
    },
    read: (typed) => {
      const value = typed?.selected_option?.value;
      if (!value) throw new Refusal(`Choose one: ${label}.`);
      return value;
    },
  };
}

/** Several public or private channels; starts as channel ids with spaces between. */
export function channelsField(label: string, hint?: string): Field<readonly string[]> {
  return {
    draw: (name, start) => {
      const initial = start?.split(' ').filter(Boolean) ?? [];
      return input(name, label, hint, {
        type: 'multi_conversations_select',
        action_id: name,
        filter: { include: ['public', 'private'], exclude_bot_users: true },
        ...(initial.length > 0 && { initial_conversations: initial }),
      });
    },
    read: (typed) => typed?.selected_conversations ?? [],
  };
}

/** Several of a list; starts as values with spaces between. */
export function selectManyField(label: string, fixed: readonly Choice[] = [], hint?: string): Field<readonly string[]> {
  return {
    draw: (name, start, given) => {
      const options = [...fixed, ...given].slice(0, limits.options).map(option);
      const chosen = new Set(start?.split(' '));
      const initial = options.filter((each) => chosen.has(each.value ?? ''));
      return input(name, label, hint, {
        type: 'multi_static_select',
        action_id: name,
        options,
        ...(initial.length > 0 && { initial_options: initial }),
      });
    },
    read: (typed) => typed?.selected_options?.map(({ value }) => value) ?? [],
  };
}

const mostTicks = 10;

/** Boxes to tick, 10 at most, and none where there is nothing to tick; starts as values with spaces between. */
export function ticksField(label: string, hint?: string): Field<readonly string[]> {
  return {
    draw: (name, start, given) => {
      const ticked = new Set(start?.split(' '));
      const options = given.slice(0, mostTicks).map(option);
      const initial = options.filter((each) => ticked.has(each.value ?? ''));
      if (options.length === 0) return undefined;
      const block = input(name, label, hint, {
        type: 'checkboxes',
        action_id: name,
        options,
        ...(initial.length > 0 && { initial_options: initial }),
      });
      return { ...block, optional: true };
    },
    read: (typed) => typed?.selected_options?.map(({ value }) => value) ?? [],
  };
}

/**
 * One of a list too long for a form, found by typing. `kind` names what is looked up ('model'); the door made with
 * `onLookup(kind, …)` answers. The first of the given options is what it starts with.
 */
export function lookupField(label: string, kind: string, hint?: string): Field<string> {
  return {
    draw: (name, _start, [first]) =>
      input(name, label, hint, {
        type: 'external_select',
        action_id: lookupId(kind),
        min_query_length: 0,
        ...(first && { initial_option: option(first) }),
      }),
    read: (typed) => typed?.selected_option?.value ?? missing(`Choose one: ${label}.`),
  };
}

export const lookupId = (kind: string): string => `lookup.${kind}`;

/** A person of this workspace; starts as a user id. */
export function userField(label: string, hint?: string): Field<string> {
  return {
    draw: (name, start) =>
      input(name, label, hint, { type: 'users_select', action_id: name, ...(start && { initial_user: start }) }),
    read: (typed) => typed?.selected_user ?? missing(`Choose a person: ${label}.`),
  };
}

/** Several people; starts as user ids with spaces between. */
export function usersField(label: string, hint?: string): Field<readonly string[]> {
  return {
    draw: (name, start) => {
      const initial = start?.split(' ').filter(Boolean) ?? [];
      const chosen = initial.length > 0 ? { initial_users: initial } : {};
      return input(name, label, hint, { type: 'multi_users_select', action_id: name, ...chosen });
    },
    read: (typed) => typed?.selected_users ?? [],
  };
}

/** A public or private channel; starts as a channel id. */
export function channelField(label: string, hint?: string): Field<string> {
  return {
    draw: (name, start) =>
      input(name, label, hint, {
        type: 'conversations_select',
        action_id: name,
        filter: { include: ['public', 'private'], exclude_bot_users: true },
        ...(start && { initial_conversation: start }),
      }),
    read: (typed) => typed?.selected_conversation ?? missing(`Choose a channel: ${label}.`),
  };
}

/** A calendar day as YYYY-MM-DD. */
export function dateField(label: string, hint?: string): Field<string> {
  return {
    draw: (name, start) =>
      input(name, label, hint, { type: 'datepicker', action_id: name, ...(start && { initial_date: start }) }),
    read: (typed) => typed?.selected_date ?? missing(`Choose a day: ${label}.`),
  };
}

/** A time of day on the clock of the form's zone, as HH:MM. */
export function timeField(label: string, hint?: string): Field<string> {
  return {
    draw: (name, start) =>
      input(name, label, hint, { type: 'timepicker', action_id: name, ...(start && { initial_time: start }) }),
    read: (typed) => typed?.selected_time ?? missing(`Choose a time: ${label}.`),
  };
}

/** An instant, chosen in the person's own zone; starts as an ISO instant. */
export function instantField(label: string, hint?: string): Field<Date> {
  return {
    draw: (name, start) =>
      input(name, label, hint, {
        type: 'datetimepicker',
        action_id: name,
        ...(start && { initial_date_time: Math.floor(Date.parse(start) / 1000) }),
      }),
    read: (typed) => {
      const seconds = typed?.selected_date_time;
      return typeof seconds === 'number' ? new Date(seconds * 1000) : missing(`Choose a day and a time: ${label}.`);
    },
  };
}

/** May stay empty: then it reads as undefined. Never wraps another optional one. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    draw: (name, start, options) => asOptional(field.draw(name, start || undefined, options)),
    read: (typed) => (isEmpty(typed) ? undefined : field.read(typed)),
  };
}

const asOptional = (block: InputBlock | undefined) => block && { ...block, optional: true };

function isEmpty(typed: Typed | undefined): boolean {
  const chosen =
    typed?.selected_options?.length || typed?.selected_users?.length || typed?.selected_conversations?.length;
  const one =
    typed?.selected_option ??
    typed?.selected_user ??
    typed?.selected_conversation ??
    typed?.selected_date ??
    typed?.selected_time ??
    typed?.selected_date_time;
  return !chosen && !one && (typed?.value ?? '').trim() === '';
}

function input(name: string, label: string, hint: string | undefined, element: InputBlock['element']): InputBlock {
  return {
    type: 'input',
    block_id: name,
    label: plain(label, limits.inputLabel),
    element,
    ...(hint && { hint: plain(hint, limits.inputLabel) }),
  };
}

export function option({ text, value, description }: Choice): PlainTextOption {
  return {
    text: plain(text, limits.optionText),
    value: clip(value, limits.optionValue),
    ...(description && { description: plain(description, limits.optionText) }),
  };
}

function missing(words: string): never {
  throw new Refusal(words);
}
