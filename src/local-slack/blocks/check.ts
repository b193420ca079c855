import { type Fields, fieldsOf, isFields, legible, textOf } from '../json.ts';
import { blockShapes } from './limits.ts';
import { elementShapes } from './element-limits.ts';
import { objectShapes } from './object-limits.ts';
import type { Rule, Shape, Surface } from './rules.ts';

export interface Problem {
  code: string;
  message: string;
  pointer: string;
  field?: string;
  constraint?: Fields;
}

export interface Check {
  surface: Surface;
  problems: Problem[];
  isPicture(fileId: string): boolean;
}

export function complain(
  check: Check,
  pointer: string,
  code: string,
  message: string,
  more: Partial<Problem> = {},
): void {
  check.problems.push({ code, message, pointer, ...more });
}

export function untyped(check: Check, at: string): void {
  complain(check, at, 'missing_field', 'missing required field: type', { field: 'type' });
}

export function notOneOf(check: Check, at: string, expected: readonly unknown[], got: unknown): void {
  complain(check, at, 'invalid_enum', 'must be a valid enum value', {
    constraint: { type: 'enum', expected: [...expected], got },
  });
}

const charts = ['pie', 'bar', 'area', 'line'];

function length(check: Check, at: string, size: number, min: number, max: number): void {
  if (size < min) complain(check, at, 'too_short', `must be more than ${min - 1} characters`);
  if (size > max) complain(check, at, 'too_long', `must be less than ${max + 1} characters`);
}

function checkText(check: Check, value: unknown, at: string, rule: Extract<Rule, { is: 'text' }>): void {
  if (!isFields(value)) return complain(check, at, 'invalid_type', 'must provide an object');
  const type = textOf(value['type']);
  if (value['type'] === undefined) return untyped(check, at);
  if (!rule.types.includes(type)) return notOneOf(check, `${at}/type`, rule.types, value['type']);
  checkShape(check, value, at, objectShapes[type] ?? { fields: {} }, ['type']);
  if (typeof value['text'] === 'string' && value['text'].length <= 3000) {
    length(check, `${at}/text`, value['text'].length, 0, rule.max);
  }
}

function checkTyped(
  check: Check,
  value: unknown,
  at: string,
  of: readonly string[],
  shapes: Record<string, Shape>,
): void {
  if (!isFields(value)) return complain(check, at, 'invalid_type', 'must provide an object');
  const type = value['type'];
  if (type === undefined) return untyped(check, at);
  const shape = typeof type === 'string' ? shapes[type] : undefined;
  if (!of.includes(textOf(type)) || !shape || (shape.surfaces && !shape.surfaces.includes(check.surface))) {
    return complain(check, `${at}/type`, 'unsupported_type', `unsupported type: ${legible(type)}`, {
      field: 'type',
      constraint: { type: 'enum', expected: [...of], got: type },
    });
  }
  const own = shape.interactive ? ['type', 'action_id'] : ['type'];
  checkShape(check, value, at, shape, shapes === blockShapes ? ['type', 'block_id'] : own);
}

export function checkBlock(check: Check, value: unknown, at: string, of = Object.keys(blockShapes)): void {
  checkTyped(check, value, at, of, blockShapes);
}

function checkElement(check: Check, value: unknown, at: string, of: readonly string[]): void {
  const type = textOf(fieldsOf(value)['type']);
  if ((type === 'plain_text' || type === 'mrkdwn') && of.includes(type)) {
    return checkText(check, value, at, { is: 'text', types: of, min: 1, max: 3000 });
  }
  if (type === 'rich_text' && of.includes(type)) return checkBlock(check, value, at, ['rich_text']);
  checkTyped(check, value, at, of, elementShapes);
}

function checkObject(check: Check, value: unknown, at: string, name: string): void {
  if (name === 'column_setting' && value === null) return;
  if (!isFields(value)) return complain(check, at, 'invalid_type', 'must provide an object');
  if (name === 'chart') {
    const type = textOf(value['type']);
    if (value['type'] === undefined) return untyped(check, at);
    if (!charts.includes(type)) return notOneOf(check, `${at}/type`, charts, value['type']);
    return checkShape(check, value, at, objectShapes[type === 'pie' ? 'pie' : 'xy'] ?? { fields: {} }, []);
  }
  checkShape(check, value, at, objectShapes[name] ?? { fields: {} }, []);
  if (name === 'slack_file' && typeof value['id'] === 'string' && !check.isPicture(value['id'])) {
    complain(check, at, 'invalid_file', 'invalid slack file');
  }
}

function checkList(check: Check, value: unknown, at: string, rule: Extract<Rule, { is: 'list' }>): void {
  if (!Array.isArray(value)) return complain(check, at, 'invalid_type', 'must provide an array');
  if (value.length > rule.max) complain(check, at, 'too_many', `no more than ${rule.max} items allowed`);
  if (value.length < rule.min) complain(check, at, 'too_few', `no fewer than ${rule.min} items allowed`);
  value.forEach((item, index) => checkRule(check, item, `${at}/${index}`, rule.of));
}

function checkRule(check: Check, value: unknown, at: string, rule: Rule): void {
  switch (rule.is) {
    case 'text':
      return checkText(check, value, at, rule);
    case 'string':
      if (typeof value !== 'string') return complain(check, at, 'invalid_type', 'must provide a string');
      if (rule.format && !rule.format.test(value)) return complain(check, at, 'invalid_format', 'invalid format');
      return length(check, at, value.length, rule.min, rule.max);
    case 'number':
      if (typeof value !== 'number' || (rule.integer && !Number.isInteger(value))) {
        return complain(check, at, 'invalid_type', 'must provide a number');
      }
      if (value < rule.min) complain(check, at, 'too_small', `must be more than ${rule.min - 1}`);
      if (value > rule.max) complain(check, at, 'too_big', `must be less than ${rule.max + 1}`);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') complain(check, at, 'invalid_type', 'must provide a boolean');
      return;
    case 'choice':
      if (!rule.of.some((choice) => choice === value)) notOneOf(check, at, rule.of, value);
      return;
    case 'list':
      return checkList(check, value, at, rule);
    case 'element':
      return checkElement(check, value, at, rule.of);
    case 'block':
      if (rule.assumed && isFields(value) && value['type'] === undefined) {
        return checkBlock(check, { ...value, type: rule.assumed }, at, [...rule.of]);
      }
      return checkBlock(check, value, at, [...rule.of]);
    case 'object':
      return checkObject(check, value, at, rule.name);
    case 'anything':
      return;
  }
}

function checkIds(check: Check, value: Fields, at: string, own: readonly string[]): void {
  for (const name of ['block_id', 'action_id']) {
    if (!own.includes(name) || value[name] === undefined) continue;
    if (typeof value[name] !== 'string') complain(check, `${at}/${name}`, 'invalid_type', 'must provide a string');
    else length(check, `${at}/${name}`, value[name].length, 1, 255);
  }
}

/** `own` are the fields every value of its kind may have. */
export function checkShape(check: Check, value: Fields, at: string, shape: Shape, own: readonly string[]): void {
  const present = (field: string) => value[field] !== undefined;
  const missing = (field: string) =>
    complain(check, at, 'missing_field', `missing required field: ${field}`, { field });
  for (const field of shape.required ?? []) if (!present(field)) missing(field);
  if (shape.anyOf && !shape.anyOf.some(present)) missing(shape.anyOf[0] ?? '');
  const given = shape.exactlyOne?.filter(present) ?? [];
  if (shape.exactlyOne && given.length === 0) missing(shape.exactlyOne[0] ?? '');
  const rivals = [given, shape.atMostOne?.filter(present) ?? []].find((each) => each.length > 1);
  if (rivals) complain(check, at, 'conflict', `must provide only one of: ${rivals.join(', ')}`);
  checkIds(check, value, at, own);
  for (const [field, each] of Object.entries(value)) {
    if (each === undefined || own.includes(field)) continue;
    const rule = Object.hasOwn(shape.fields, field) ? shape.fields[field] : undefined;
    if (rule) checkRule(check, each, `${at}/${field}`, rule);
    else complain(check, at, 'additional_property', `invalid additional property: ${field}`, { field });
  }
}
