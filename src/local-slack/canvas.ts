import type { StoredFile } from './data.ts';
import { randomHex } from './ids.ts';

type Section = NonNullable<StoredFile['sections']>[number];

export type CanvasChange =
  | { operation: 'insert_after' | 'insert_before'; section_id: string; markdown: string }
  | { operation: 'insert_at_start' | 'insert_at_end'; markdown: string }
  | { operation: 'replace'; section_id: string | undefined; markdown: string }
  | { operation: 'delete'; section_id: string };

/** Headings stand alone, paragraphs end at an empty line, fenced code stays whole. */
export function sectionsOf(markdown: string): Section[] {
  const parts: string[][] = [[]];
  let isFenced = false;
  for (const line of markdown.split('\n')) {
    const isHeading = !isFenced && /^#{1,6} /.test(line);
    const isGap = !isFenced && line.trim() === '';
    if (/^\s*```/.test(line)) isFenced = !isFenced;
    if (isHeading) parts.push([line], []);
    else if (isGap) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => ({ id: `temp:C:${randomHex(14)}`, markdown: lines.join('\n') }));
}

/** The title is not part of it. */
export function writeCanvas(file: StoredFile, sections: Section[]): void {
  const bytes = Buffer.from(sections.map(({ markdown }) => markdown).join('\n\n'));
  Object.assign(file, { sections, bytes: bytes.toString('base64'), size: bytes.length });
}

/** Undefined when the section it names is not there. */
export function changedSections(sections: readonly Section[], change: CanvasChange): Section[] | undefined {
  const fresh = change.operation === 'delete' ? [] : sectionsOf(change.markdown);
  if (change.operation === 'insert_at_start') return [...fresh, ...sections];
  if (!('section_id' in change)) return [...sections, ...fresh];
  if (change.section_id === undefined) return fresh;
  const at = sections.findIndex(({ id }) => id === change.section_id);
  if (at < 0) return undefined;
  const start = change.operation === 'insert_after' ? at + 1 : at;
  const taken = change.operation === 'replace' || change.operation === 'delete' ? 1 : 0;
  return sections.toSpliced(start, taken, ...fresh);
}

export interface SectionCriteria {
  section_types?: ('any_header' | 'h1' | 'h2' | 'h3')[] | undefined;
  contains_text?: string | undefined;
}

export function matchesSection({ markdown }: Section, wanted: SectionCriteria): boolean {
  const level = /^(#{1,3}) /.exec(markdown)?.[1]?.length;
  const types = wanted.section_types;
  const fits = !types || types.some((type) => (type === 'any_header' ? level !== undefined : type === `h${level}`));
  const has = markdown.toLowerCase().includes((wanted.contains_text ?? '').toLowerCase());
  return fits && has;
}
