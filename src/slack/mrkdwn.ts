/** Text that is safe to hand to Slack as mrkdwn: only this file makes it. */
export interface Mrkdwn {
  readonly mrkdwn: string;
}

/** Slack reads `<…>` and `&` specially, and nothing else can ping or link. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A mrkdwn template: our own words stand as written, every value put in is escaped unless it is Mrkdwn already. */
export function md(parts: TemplateStringsArray, ...values: readonly (string | number | Mrkdwn)[]): Mrkdwn {
  const text = parts.map((part, i) => {
    const value = values[i];
    if (value === undefined) return part;
    return part + (typeof value === 'object' ? value.mrkdwn : escape(String(value)));
  });
  return { mrkdwn: text.join('') };
}

export function join(parts: readonly Mrkdwn[], separator: string): Mrkdwn {
  return { mrkdwn: parts.map((part) => part.mrkdwn).join(separator) };
}

/** Lines below each other; empty ones are left out. */
export function lines(...parts: readonly (Mrkdwn | undefined | false)[]): Mrkdwn {
  return join(
    parts.filter((part) => part !== undefined && part !== false).filter((part) => part.mrkdwn !== ''),
    '\n',
  );
}

const meanings: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/**
 * What Slack sends of a message, as it reads on the screen: names for people, addresses for links, no escapes.
 * `names`: of people by their ids; whoever is missing there is "somebody".
 */
export function readable(text: string, names: ReadonlyMap<string, string>): string {
  return text
    .replaceAll(/<([^<>]*)>/g, (_all, inner: string) => spelled(inner, names))
    .replaceAll(/&(?:lt|gt|amp);/g, (escaped) => meanings[escaped] ?? escaped);
}

function spelled(inner: string, names: ReadonlyMap<string, string>): string {
  const [target = '', label] = inner.split('|');
  if (target.startsWith('@')) return `@${names.get(target.slice(1)) ?? label ?? 'somebody'}`;
  if (target.startsWith('#')) return `#${label ?? 'a channel'}`;
  if (target.startsWith('!')) return label ?? `@${target.slice(1).split('^')[0]}`;
  return label === undefined || label === target ? target : `${label} (${target})`;
}

/** The people whom such a text names. */
export const namedIn = (text: string): string[] => [...text.matchAll(/<@([A-Z0-9]+)/g)].flatMap(([, id]) => id ?? []);

const slackId = /^[A-Z0-9]+$/;

/** A person by Slack id; anything that is no id is shown as plain text ("ci", "monitor"). */
export function person(id: string): Mrkdwn {
  return slackId.test(id) && id.length > 2 ? { mrkdwn: `<@${id}>` } : { mrkdwn: escape(id) };
}

/** Our own sentences may name people as `<@id>`; everything else in them is text. */
export function naming(text: string): Mrkdwn {
  const pieces = text.split(/<@([A-Z0-9]+)>/);
  return join(
    pieces.map((piece, i) => (i % 2 === 1 ? person(piece) : md`${piece}`)),
    '',
  );
}

export function channelLink(id: string): Mrkdwn {
  return slackId.test(id) ? { mrkdwn: `<#${id}>` } : { mrkdwn: escape(id) };
}

/** A link to a page, or nothing where the address is none that a browser may open. */
export function linkTo(url: string, words: string): Mrkdwn | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const href = new URL(url).href.replaceAll('|', '%7C').replaceAll('>', '%3E').replaceAll('<', '%3C');
  return { mrkdwn: `<${href}|${escape(words).replaceAll('|', ' ')}>` };
}

/** An instant in the reader's own zone; the fallback names UTC. */
export function when(at: Date, format = '{date_short_pretty} at {time}'): Mrkdwn {
  const fallback = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return { mrkdwn: `<!date^${Math.floor(at.getTime() / 1000)}^${format}|${fallback}>` };
}

/** Words that people typed end as they like; a sentence that is read aloud ends with a stop. */
export function withStop(text: Mrkdwn): Mrkdwn {
  return /[.!?]$/.test(text.mrkdwn) ? text : md`${text}.`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** 0.30999 → "0.31": as many digits as a person compares, never an exponent for everyday sizes. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toPrecision(3);
  return Number(size >= 100 ? value.toFixed(1) : value.toPrecision(3)).toString();
}
