import { type Children, html } from './html.ts';
import { decoded, emoji, token } from './inline.ts';

const wraps: Record<string, (inside: Children) => Children> = {
  '*': (inside) => html`<strong>${inside}</strong>`,
  _: (inside) => html`<em>${inside}</em>`,
  '~': (inside) => html`<del>${inside}</del>`,
};
const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char);

/** Where the mark opened at `start` ends, or -1; marks inside tokens and code do not count. */
function closing(text: string, start: number): number {
  const mark = text[start];
  if (text[start + 1] === undefined || /\s/.test(text[start + 1] ?? '') || isWord(text[start - 1])) return -1;
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\n') return -1;
    const pair = char === '<' ? '>' : char === '`' ? '`' : undefined;
    const end = pair ? text.indexOf(pair, at + 1) : -1;
    if (end > 0) at = end;
    else if (char === mark && at > start + 1 && !/\s/.test(text[at - 1] ?? '') && !isWord(text[at + 1])) return at;
  }
  return -1;
}

interface Step {
  node: Children;
  next: number;
}

function stepAt(text: string, at: number): Step | undefined {
  const char = text[at] ?? '';
  if (char === '\n') return { node: html`<br />`, next: at + 1 };
  if (char === '<') {
    const end = text.indexOf('>', at);
    return end < 0 ? undefined : { node: token(text.slice(at + 1, end)), next: end + 1 };
  }
  if (char === '`') {
    const end = text.indexOf('`', at + 1);
    if (end <= at + 1 || text.slice(at, end).includes('\n')) return undefined;
    return { node: html`<code>${decoded(text.slice(at + 1, end))}</code>`, next: end + 1 };
  }
  if (char === ':') {
    const name = /^:([+\w-]+):/.exec(text.slice(at, at + 60))?.[1];
    return name ? { node: emoji(name), next: at + name.length + 2 } : undefined;
  }
  const wrap = wraps[char];
  const end = wrap ? closing(text, at) : -1;
  return wrap && end > 0 ? { node: wrap(inline(text.slice(at + 1, end))), next: end + 1 } : undefined;
}

export function inline(text: string): Children {
  const nodes: Children[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const step = stepAt(text, at);
    if (!step) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain !== '') nodes.push(decoded(plain));
    plain = '';
    nodes.push(step.node);
    at = step.next;
  }
  if (plain !== '') nodes.push(decoded(plain));
  return nodes;
}

const quoteMark = /^(&gt;|>) ?/;

function paragraphs(text: string): Children[] {
  const runs: { isQuote: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const isQuote = quoteMark.test(line);
    const last = runs.at(-1);
    const shown = isQuote ? line.replace(quoteMark, '') : line;
    if (last?.isQuote === isQuote) last.lines.push(shown);
    else runs.push({ isQuote, lines: [shown] });
  }
  return runs.map(({ isQuote, lines }) => {
    const inside = inline(lines.join('\n'));
    return isQuote ? html`<blockquote>${inside}</blockquote>` : html`<span class="run">${inside}</span>`;
  });
}

/** Slack's mark-up as elements. What is not mark-up stays text; nothing is ever read as HTML. */
export function mrkdwn(text: string): Children {
  return text.split(/```\n?([\s\S]*?)\n?```\n?/g).map((piece, index) => {
    if (index % 2 === 1) return html`<pre>${decoded(piece)}</pre>`;
    return piece === '' ? '' : paragraphs(piece);
  });
}
