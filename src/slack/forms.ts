import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { z } from 'zod';
import { Refusal } from '../lib/refusal.ts';
import { plain } from './blocks.ts';
import { clip, limits } from './limits.ts';

/** One input of a modal: how it is drawn, and how what was typed becomes a value. */
export interface Field<T> {
  readonly draw: (name: string, start: string | undefined, options: readonly Choice[]) => InputBlock;
  readonly read: (typed: Typed | undefined) => T;
}
export interface Choice {
  readonly text: string;
  readonly value: string;
  readonly description?: string;
}

/** What Slack sends for one input; only what we read. */
const Typed = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
});
type Typed = z.infer<typeof Typed>;

export const Submitted = z.object({
  private_metadata: z.string().default(''),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), Typed)) }),
});
export type Submitted = z.infer<typeof Submitted>;

type Fields = Readonly<Record<string, Field<unknown>>>;
type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** One definition gives the modal and its parser. `carries` travels with it unseen. */
export interface Form<C, V> {
  readonly id: string;
  readonly view: (carries: C, look?: FormLook<keyof V & string>) => ModalView;
  readonly read: (submitted: Submitted) => { carries: C; values: V };
}
interface FormLook<K extends string> {
  readonly start?: Partial<Record<K, string>>;
  readonly options?: Partial<Record<K, readonly Choice[]>>;
  readonly above?: readonly KnownBlock[];
}

export function form<C, F extends Fields>(
  id: string,
  words: { readonly title: string; readonly submit: string },
  carries: z.ZodType<C>,
  inputs: F,
): Form<C, Values<F>> {
  return {
    id,
    view: (carried, look = {}) => ({
      type: 'modal',
      callback_id: id,
      title: plain(words.title, limits.viewTitle),
      submit: plain(words.submit, limits.viewButton),
      close: plain('Cancel', limits.viewButton),
      private_metadata: JSON.stringify(carried),
      blocks: [
        ...(look.above ?? []),
        ...Object.entries(inputs).map(([name, input]) =>
          input.draw(name, own(look.start, name), own(look.options, name) ?? []),
        ),
      ],
    }),
    read: ({ private_metadata: metadata, state }) => ({
      carries: carries.parse(JSON.parse(metadata || 'null')),
      values: readAll(inputs, state.values),
    }),
  };
}

function own<T>(of: Partial<Record<string, T>> | undefined, name: string): T | undefined {
  return of?.[name];
}

function readAll<F extends Fields>(inputs: F, typed: Submitted['state']['values']): Values<F> {
  const read = Object.entries(inputs).map(([name, input]) => {
    try {
      return [name, input.read(typed[name]?.[name])];
    } catch (error) {
      throw error instanceof Refusal ? new Refusal(error.message, { field: name }) : error;
    }
  });
  // The one cast of this file: fromEntries forgets which key had which type.
  return Object.fromEntries(read) as Values<F>;
}

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
    draw: (name, start) => ({ ...textField(label, look).draw(name, start || undefined, []), optional: true }),
    read: (typed) => typed?.value?.trim() ?? '',
  };
}

export function selectField(label: string, fixed: readonly Choice[] = [], hint?: string): Field<string> {
  return {
    draw: (name, start, given) => {
      const options = [...fixed, ...given].slice(0, limits.options).map(option);
      const initial = options.find((each) => each.value === start);
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

function input(name: string, label: string, hint: string | undefined, element: InputBlock['element']): InputBlock {
  return {
    type: 'input',
    block_id: name,
    label: plain(label, limits.inputLabel),
    element,
    ...(hint && { hint: plain(hint, limits.inputLabel) }),
  };
}

function option({ text, value, description }: Choice): PlainTextOption {
  return {
    text: plain(text, limits.optionText),
    value: clip(value, limits.optionValue),
    ...(description && { description: plain(description, limits.optionText) }),
  };
}
