import type { Fields } from './json.ts';
import { unescaped } from './mrkdwn.ts';

function element(token: string): Fields {
  const inside = token.slice(1, -1);
  const [id = '', label] = inside.slice(1).split('|');
  if (inside.startsWith('@')) return { type: 'user', user_id: id };
  if (inside.startsWith('#')) return { type: 'channel', channel_id: id };
  if (inside.startsWith('!subteam^')) return { type: 'usergroup', usergroup_id: id.slice('subteam^'.length) };
  if (inside.startsWith('!')) return { type: 'broadcast', range: id };
  const url = unescaped(inside.split('|')[0] ?? '');
  return label === undefined ? { type: 'link', url } : { type: 'link', url, text: label };
}

const styles: Record<string, string> = { '*': 'bold', _: 'italic', '~': 'strike' };
/** Code, a mention or link, a marked run, an emoji; the clock in 10:30:45 is none. */
const marked =
  /`([^`\n]+)`|(<[^<>\n]+>)|(?<![\p{L}\p{N}])([*_~])(?=\S)(.+?)(?<=\S)\3(?![\p{L}\p{N}])|:(\+1|-1|[a-z][a-z0-9_+-]*):/u;

function styled(piece: Fields, style: Fields): Fields {
  return Object.keys(style).length > 0 ? { ...piece, style } : piece;
}

function words(text: string, style: Fields = {}): Fields[] {
  const pieces: Fields[] = [];
  const add = (plain: string) => plain !== '' && pieces.push(styled({ type: 'text', text: unescaped(plain) }, style));
  let rest = text;
  for (let hit = marked.exec(rest); hit; hit = marked.exec(rest)) {
    const [whole, code, token, mark, inside = '', emoji] = hit;
    add(rest.slice(0, hit.index));
    if (code) pieces.push({ type: 'text', text: unescaped(code), style: { ...style, code: true } });
    else if (token) pieces.push(styled(element(token), style));
    else if (emoji) pieces.push({ type: 'emoji', name: emoji });
    else pieces.push(...words(inside, { ...style, [styles[mark ?? ''] ?? '']: true }));
    rest = rest.slice(hit.index + whole.length);
  }
  add(rest);
  return pieces;
}

const kinds = [
  { kind: 'quote', mark: /^(?:&gt;|>) ?/ },
  { kind: 'bullet', mark: /^[-•*] / },
  { kind: 'ordered', mark: /^\d+[.)] / },
];

interface Run {
  kind: string;
  lines: string[];
}

function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  for (const line of text.split('\n')) {
    const { kind, mark } = kinds.find((each) => each.mark.test(line)) ?? { kind: 'section', mark: /^/ };
    const shown = line.replace(mark, '');
    const last = runs.at(-1);
    if (last?.kind === kind) last.lines.push(shown);
    else runs.push({ kind, lines: [shown] });
  }
  return runs;
}

function group({ kind, lines }: Run): Fields {
  const section = (text: string) => ({ type: 'rich_text_section', elements: words(text) });
  if (kind === 'section') return section(lines.join('\n'));
  if (kind === 'quote') return { type: 'rich_text_quote', elements: words(lines.join('\n')) };
  return { type: 'rich_text_list', style: kind, indent: 0, border: 0, elements: lines.map(section) };
}

/** The parts of a rich text: what stands between ``` is taken as it is. */
export function typedElements(typed: string): Fields[] {
  return typed.split(/```\n?([^]*?)\n?```\n?/).flatMap((piece, index) => {
    const text = unescaped(piece);
    if (index % 2 === 1) return [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }], border: 0 }];
    return piece === '' ? [] : runsOf(piece).map(group);
  });
}

/** What a person typed, with its mentions and links already found, as the blocks Slack makes of it. */
export function typedBlocks(typed: string): Fields[] {
  return [{ type: 'rich_text', block_id: 'typed', elements: typedElements(typed) }];
}
