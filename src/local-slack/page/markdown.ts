import { type Children, html } from './html.ts';
import { emoji, link } from './inline.ts';

const pattern =
  /`([^`]+)`|\*\*(.+?)\*\*|__(.+?)__|~~(.+?)~~|\[([^\]]+)\]\(([^)\s]+)\)|\*([^*\s][^*]*)\*|(?<!\w)_([^_\s][^_]*)_(?!\w)|:([+\w-]+):/;

function inlineMarkdown(text: string): Children {
  const nodes: Children[] = [];
  let rest = text;
  for (let found = pattern.exec(rest); found; found = pattern.exec(rest)) {
    const [whole, code, bold, alsoBold, struck, label, url, italic, alsoItalic, name] = found;
    nodes.push(rest.slice(0, found.index));
    const strong = bold ?? alsoBold;
    const em = italic ?? alsoItalic;
    if (code) nodes.push(html`<code>${code}</code>`);
    else if (strong) nodes.push(html`<strong>${inlineMarkdown(strong)}</strong>`);
    else if (struck) nodes.push(html`<del>${inlineMarkdown(struck)}</del>`);
    else if (label && url) nodes.push(link(url, inlineMarkdown(label)));
    else if (em) nodes.push(html`<em>${inlineMarkdown(em)}</em>`);
    else if (name) nodes.push(emoji(name));
    rest = rest.slice(found.index + whole.length);
  }
  return [...nodes, rest];
}

function grid(lines: string[]): Children {
  const cells = lines.map((line) =>
    line
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim()),
  );
  const [head = [], , ...body] = cells;
  return html`<div class="table-scroll">
    <table class="table">
      <thead><tr>${head.map((cell) => html`<th scope="col">${inlineMarkdown(cell)}</th>`)}</tr></thead>
      <tbody>${body.map((row) => html`<tr>${row.map((cell) => html`<td>${inlineMarkdown(cell)}</td>`)}</tr>`)}</tbody>
    </table>
  </div>`;
}

function chunk(text: string): Children {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  const heading = /^(#{1,6})\s+(.*)/.exec(first);
  if (heading)
    return [
      html`<p class="md-heading"><strong>${inlineMarkdown(heading[2] ?? '')}</strong></p>`,
      lines.length > 1 ? chunk(lines.slice(1).join('\n')) : '',
    ];
  if (/^(-{3,}|\*{3,})$/.test(first.trim())) return html`<hr />`;
  if (first.startsWith('|') && /^\|?[\s:|-]+$/.test(lines[1] ?? '')) return grid(lines);
  if (lines.every((line) => /^\s*[-*+]\s/.test(line)))
    return html`<ul>${lines.map((line) => html`<li>${inlineMarkdown(line.replace(/^\s*[-*+]\s(\[[ x]\]\s)?/, ''))}</li>`)}</ul>`;
  if (lines.every((line) => /^\s*\d+[.)]\s/.test(line)))
    return html`<ol start=${Number.parseInt(first.trim(), 10)}>${lines.map((line) => html`<li>${inlineMarkdown(line.replace(/^\s*\d+[.)]\s/, ''))}</li>`)}</ol>`;
  if (lines.every((line) => line.startsWith('>')))
    return html`<blockquote>${chunk(lines.map((line) => line.replace(/^> ?/, '')).join('\n'))}</blockquote>`;
  return html`<p>${lines.map((line, index) => [index > 0 ? html`<br />` : '', inlineMarkdown(line)])}</p>`;
}

const isListItem = (line: string): boolean => /^\s*([-*+]|\d+[.)])\s/.test(line);

/** A heading, a list and the text before it are chunks of their own even without an empty line between. */
function spaced(text: string): string {
  const lines = text.split('\n');
  return lines
    .map((line, index) => (index > 0 && isListItem(line) !== isListItem(lines[index - 1] ?? '') ? `\n${line}` : line))
    .join('\n');
}

/** Standard Markdown, as far as Slack draws it. */
export function markdown(text: string): Children {
  return text.split(/```\w*\n?([\s\S]*?)```/g).map((piece, index) => {
    if (index % 2 === 1) return html`<pre>${piece.replace(/\n$/, '')}</pre>`;
    return spaced(piece)
      .split(/\n\s*\n/)
      .map((each) => (each.trim() === '' ? '' : chunk(each)));
  });
}
