import { type Fields, isFields } from './json.ts';

export function refuse(error: string, more: Fields = {}): never {
  throw new Error(error, { cause: { ok: false, error, ...more } });
}

export function refusalOf(thrown: unknown): Fields | undefined {
  return thrown instanceof Error && isFields(thrown.cause) && thrown.cause['ok'] === false ? thrown.cause : undefined;
}

export function refuseArguments(messages: string[]): never {
  refuse('invalid_arguments', { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } });
}
