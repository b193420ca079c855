import { allElements, type Found, optionsOf } from './blocks/walk.ts';
import type { Values } from './data.ts';
import { type Fields, fieldsIn, fieldsOf, isFields, textOf, textsIn } from './json.ts';
import { typedElements } from './typed.ts';

const single: Record<string, string> = {
  users_select: 'user',
  conversations_select: 'conversation',
  channels_select: 'channel',
};
const typed = ['plain_text_input', 'email_text_input', 'url_text_input', 'number_input'];

function richText(text: string): Fields | null {
  return text.trim() === '' ? null : { type: 'rich_text', elements: typedElements(text) };
}

function option(options: Fields[], value: unknown): Fields | null {
  return options.find((each) => each['value'] === value) ?? null;
}

function texts(value: unknown): string[] {
  return typeof value === 'string' ? [value] : textsIn(value);
}

/** What `state.values` holds for an element once a person has put `value` in it. */
export function stateOf(element: Fields, value: unknown, suggested: Fields[] = []): Fields | undefined {
  const type = textOf(element['type']);
  const initial = element['initial_option'];
  const known = [
    ...optionsOf(element),
    ...suggested,
    ...(isFields(initial) ? [initial] : []),
    ...fieldsIn(element['initial_options']),
  ];
  if (typed.includes(type)) return { type, value: typeof value === 'string' && value !== '' ? value : null };
  if (type === 'rich_text_input')
    return { type, rich_text_value: typeof value === 'string' ? richText(value) : (value ?? null) };
  if (type === 'datepicker') return { type, selected_date: value || null };
  if (type === 'timepicker') return { type, selected_time: value || null };
  if (type === 'datetimepicker') return { type, selected_date_time: value ? Number(value) : null };
  if (type === 'file_input') return { type, files: Array.isArray(value) ? value : [] };
  if (['static_select', 'external_select', 'radio_buttons', 'overflow'].includes(type)) {
    return { type, selected_option: option(known, value) };
  }
  if (['multi_static_select', 'multi_external_select', 'checkboxes'].includes(type)) {
    return {
      type,
      selected_options: texts(value)
        .map((each) => option(known, each))
        .filter((each) => each !== null),
    };
  }
  const name = single[type.replace(/^multi_/, '')];
  if (!name) return undefined;
  return type.startsWith('multi_')
    ? { type, [`selected_${name}s`]: texts(value) }
    : { type, [`selected_${name}`]: value || null };
}

function values(options: unknown): string[] {
  return fieldsIn(options).map((each) => textOf(each['value']));
}

/** Stateful elements start from their `initial_…`; an untouched one is present and null. */
function initialState(element: Fields): Fields | undefined {
  const type = textOf(element['type']);
  if (['button', 'overflow', 'image', 'workflow_button'].includes(type)) return undefined;
  const name = single[type.replace(/^multi_/, '')];
  const given =
    element['initial_value'] ??
    element['initial_date'] ??
    element['initial_time'] ??
    element['initial_date_time'] ??
    (element['initial_options'] ? values(element['initial_options']) : undefined) ??
    (element['initial_option'] ? fieldsOf(element['initial_option'])['value'] : undefined) ??
    (name ? (element[`initial_${name}`] ?? element[`initial_${name}s`]) : undefined);
  return stateOf(element, given);
}

function keys({ block, element }: Found): [string, string] {
  return [textOf(block['block_id']), textOf(element['action_id'])];
}

/** Typed values survive an update when block_id, action_id and type stay the same. */
export function startingValues(blocks: Fields[], kept: Values = {}): Values {
  const result: Values = {};
  for (const found of allElements(blocks)) {
    const [blockId, actionId] = keys(found);
    const before = kept[blockId]?.[actionId];
    const state = before?.['type'] === found.element['type'] ? before : initialState(found.element);
    if (state) (result[blockId] ??= {})[actionId] = state;
  }
  return result;
}

export function heldIn(state: Fields): unknown {
  return Object.entries(state).find(([name]) => name !== 'type')?.[1];
}

function isEmpty(state: Fields): boolean {
  const held = heldIn(state);
  return held === null || held === undefined || (Array.isArray(held) && held.length === 0);
}

function numberError(element: Fields, value: string): string | undefined {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return 'Please enter a valid number.';
  if (element['is_decimal_allowed'] !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
  const { min_value: min, max_value: max } = element;
  if (typeof min === 'string' && number < Number(min)) return `Please enter a number no less than ${min}.`;
  if (typeof max === 'string' && number > Number(max)) return `Please enter a number no more than ${max}.`;
  return undefined;
}

function textError(element: Fields, value: string): string | undefined {
  const { min_length: min, max_length: max } = element;
  if (element['type'] === 'number_input') return numberError(element, value);
  if (element['type'] === 'email_text_input' && !/^\S+@\S+\.\S+$/.test(value))
    return 'Please enter a valid email address.';
  if (element['type'] === 'url_text_input' && !URL.canParse(value)) return 'Please enter a valid URL.';
  if (typeof min === 'number' && value.length < min) return `Please enter at least ${min} characters.`;
  if (value.length > (typeof max === 'number' ? max : 3000)) return 'This is too long.';
  return undefined;
}

/** What Slack itself refuses before the app hears of a submission; by block_id. */
export function inputErrors(blocks: Fields[], state: Values): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const found of allElements(blocks)) {
    if (found.block['type'] !== 'input') continue;
    const [blockId, actionId] = keys(found);
    const held = state[blockId]?.[actionId] ?? {};
    const value = held['value'];
    const required = found.block['optional'] !== true && isEmpty(held);
    const error = required
      ? 'Please complete this required field.'
      : typeof value === 'string'
        ? textError(found.element, value)
        : undefined;
    if (error) errors[blockId] = error;
  }
  return errors;
}
