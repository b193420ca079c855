export type Surface = 'message' | 'modal' | 'home';

/** A RegExp, or anything else that can tell. */
export interface Format {
  test(text: string): boolean;
}

export type Rule =
  | { is: 'text'; types: readonly string[]; min: number; max: number }
  | { is: 'string'; min: number; max: number; format?: Format }
  | { is: 'number'; min: number; max: number; integer: boolean }
  | { is: 'boolean' }
  | { is: 'choice'; of: readonly (string | number)[] }
  | { is: 'list'; min: number; max: number; of: Rule }
  | { is: 'element'; of: readonly string[] }
  | { is: 'block'; of: readonly string[]; assumed?: string }
  | { is: 'object'; name: string }
  | { is: 'anything' };

/** `exactlyOne`, `anyOf` and `atMostOne` name alternative fields; `surfaces` undefined means everywhere. */
export interface Shape {
  fields: Record<string, Rule>;
  required?: readonly string[];
  exactlyOne?: readonly string[];
  anyOf?: readonly string[];
  atMostOne?: readonly string[];
  surfaces?: readonly Surface[];
  interactive?: boolean;
}

export function plain(max: number): Rule {
  return { is: 'text', types: ['plain_text'], min: 1, max };
}

export function anyText(max: number): Rule {
  return { is: 'text', types: ['plain_text', 'mrkdwn'], min: 1, max };
}

export function string(max = Infinity, min = 0): Rule {
  return { is: 'string', min, max };
}

export function format(pattern: Format): Rule {
  return { is: 'string', min: 0, max: Infinity, format: pattern };
}

export function integer(min = -Infinity, max = Infinity): Rule {
  return { is: 'number', min, max, integer: true };
}

export function choice(...of: readonly (string | number)[]): Rule {
  return { is: 'choice', of };
}

export function list(of: Rule, max = Infinity, min = 0): Rule {
  return { is: 'list', min, max, of };
}

export function element(...of: readonly string[]): Rule {
  return { is: 'element', of };
}

export function block(...of: readonly string[]): Rule {
  return { is: 'block', of };
}

/** A block that need not name its type, as it can be no other. */
export function onlyBlock(type: string): Rule {
  return { is: 'block', of: [type], assumed: type };
}

export function object(name: string): Rule {
  return { is: 'object', name };
}

export const flag: Rule = { is: 'boolean' };
