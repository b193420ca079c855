export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function fieldsIn(value: unknown): Fields[] {
  return listOf(value).filter(isFields);
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function textsIn(value: unknown): string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For messages to people and logs; text stays as it is. */
export function legible(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
