import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { Refusal } from '../lib/refusal.ts';
import { plain } from './blocks.ts';
import { type Choice, type Field, Typed } from './fields.ts';
import { limits } from './limits.ts';

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
  /** Of a form that is still being filled in: what can be read already. */
  readonly readSome: (submitted: Submitted) => { carries: C; values: Partial<V> };
}
interface FormLook<K extends string> {
  /** The id of a door made with `onLive`: it draws the form anew whenever something is chosen. */
  readonly live?: string;
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
        ...Object.entries(inputs).flatMap(([name, input]) => {
          const block = input.draw(name, own(look.start, name), own(look.options, name) ?? []);
          return block ? [look.live === undefined ? block : live(block, look.live)] : [];
        }),
      ],
    }),
    read: ({ private_metadata: metadata, state }) => ({
      carries: carries.parse(JSON.parse(metadata || 'null')),
      values: readAll(inputs, state.values),
    }),
    readSome: ({ private_metadata: metadata, state }) => ({
      carries: carries.parse(JSON.parse(metadata || 'null')),
      values: readSome(inputs, state.values),
    }),
  };
}

/** Text tells of itself when it is done, and then with Enter only; everything that is chosen tells at once. */
function live(block: InputBlock, id: string): InputBlock {
  if (block.element.type === 'plain_text_input') return block;
  return { ...block, dispatch_action: true, element: { ...block.element, action_id: id } };
}

function own<T>(of: Partial<Record<string, T>> | undefined, name: string): T | undefined {
  return of?.[name];
}

function readAll<F extends Fields>(inputs: F, typed: Submitted['state']['values']): Values<F> {
  const read = Object.entries(inputs).map(([name, input]) => {
    try {
      return [name, input.read(Object.values(typed[name] ?? {})[0])];
    } catch (error) {
      throw error instanceof Refusal ? new Refusal(error.message, { field: name }) : error;
    }
  });
  // Cast here and below: fromEntries forgets which key had which type.
  return Object.fromEntries(read) as Values<F>;
}

function readSome<F extends Fields>(inputs: F, typed: Submitted['state']['values']): Partial<Values<F>> {
  const read = Object.entries(inputs).flatMap(([name, input]) => {
    try {
      return [[name, input.read(Object.values(typed[name] ?? {})[0])]];
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
  });
  return Object.fromEntries(read) as Partial<Values<F>>;
}
