import pino from 'pino';
import type { LogLevel } from '../config.ts';
import type { Log } from '../ports.ts';

const hidden = '[hidden]';

/** By key, wherever it stands in the line; values of any JSON text. */
const secretKeys =
  /"([\w-]*(?:token|secret|password|authorization|cookie|api_?key|secret_?key|response_?url|private_metadata)[\w-]*)":(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\]|\{[^{}]*\}|[\w.+-]+)/gi;

/** By shape, for what was put into a sentence, a URL or the cause of an error. */
const secretShapes: readonly (readonly [RegExp, string])[] = [
  [/\bxox[a-z]-[\w-]+|\bxapp-[\w-]+|\bxoxe\.[\w.-]+/g, hidden],
  [/https?:\/\/hooks\.slack\.com\/[^\s"\\]+/g, hidden],
  [/(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${hidden}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, hidden],
  [/(\b[a-z][a-z\d+.-]*:\/\/)[^\s"\\/@]+@/gi, `$1${hidden}@`],
  [/([?&][\w-]*(?:token|secret|signature|key|password)[\w-]*=)[^&\s"\\]+/gi, `$1${hidden}`],
];

/** One finished line without secrets. Done last and on the whole line, so that nothing nested slips by. */
function scrub(line: string): string {
  const byKey = line.replaceAll(secretKeys, `"$1":"${hidden}"`);
  return secretShapes.reduce((text, [shape, instead]) => text.replaceAll(shape, instead), byKey);
}

export function createLog(level: LogLevel, out: { write(line: string): unknown } = process.stdout): Log {
  const serializers = { err: pino.stdSerializers.errWithCause };
  return pino({ level, base: null, serializers }, { write: (line: string) => void out.write(scrub(line)) });
}
