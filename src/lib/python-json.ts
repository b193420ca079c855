import { Refusal } from './refusal.ts';

const notFinite = /(?<![\w.])-?(?:NaN|Infinity)(?![\w.])/g;

/** The index after the string that opens at `start`; the end of the text when nothing closes it. */
function afterString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** Python's encoder leaves the tokens `NaN` and `Infinity`; JSON has no such numbers. Strings keep theirs. */
function withoutNotFinite(text: string): string {
  const pieces: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const end = quote === -1 ? text.length : quote;
    pieces.push(text.slice(at, end).replace(notFinite, 'null'));
    at = quote === -1 ? end : afterString(text, quote);
    pieces.push(text.slice(end, at));
  }
  return pieces.join('');
}

function decoded(body: string | Uint8Array): string {
  if (typeof body === 'string') return body.startsWith('\uFEFF') ? body.slice(1) : body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Refusal('The body is not text in UTF-8.', { field: 'body' });
  }
}

/** What V8 says of the place, without the piece of the body that it quotes. */
function placeOf(message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return `it goes wrong at character ${position}`;
  return message.includes('end of JSON') ? 'it ends too early' : 'it has a character where none belongs';
}

/** The value of a JSON text as Python writes it: `NaN`, `Infinity` and `-Infinity` become null. */
export function pythonJson(body: string | Uint8Array): unknown {
  const text = decoded(body);
  if (text.trim() === '') throw new Refusal('The body is empty.', { field: 'body' });
  try {
    return JSON.parse(/NaN|Infinity/.test(text) ? withoutNotFinite(text) : text);
  } catch (error) {
    const place = error instanceof Error ? placeOf(error.message) : 'it cannot be read';
    throw new Refusal(`The body is not JSON: ${place}.`, { field: 'body' });
  }
}
