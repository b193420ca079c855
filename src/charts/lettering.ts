import { needsOtherFont } from './font.ts';

/** Text that an SVG may hold: one line, no control characters; the joiners that emoji and Persian need stay. */
export const plain = (text: string) =>
  text
    .replace(/[^\P{C}\u200c\u200d]+|\s+/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();

/** No font with them is shipped, and without one they come out as empty boxes. */
export const withoutEmoji = (text: string) =>
  text
    .replace(/\p{RGI_Emoji}|\p{Emoji_Presentation}|\ufe0f/gv, '')
    .replace(/ +/g, ' ')
    .trim();

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Rough widths of Inter's letters in ems, rather too wide than too narrow. */
function emsOf(letter: string, foreign: boolean): number {
  if (foreign && needsOtherFont(letter))
    return /[\p{Script=Latin}\p{Script=Hebrew}\p{Script=Arabic}]/u.test(letter) ? 0.7 : 1.1;
  if (/[mwMW@%]/.test(letter)) return 0.92;
  if (/\p{Lu}/u.test(letter)) return 0.73;
  if (/[0-9+±−]/.test(letter)) return 0.65;
  return /[iljtfrI.,:;|!'() ]/.test(letter) ? 0.36 : 0.6;
}

/** In pixels, for text of this size. */
export function widthOf(text: string, size: number): number {
  const foreign = needsOtherFont(text);
  let ems = 0;
  for (const { segment } of letters.segment(text)) ems += emsOf(segment, foreign);
  return ems * size;
}

/** The text cut to so many pixels. */
export function fitted(text: string, size: number, room: number): string {
  if (widthOf(text.slice(0, 400), size) <= room && text.length <= 400) return text;
  const foreign = needsOtherFont(text);
  let left = room / size - 1;
  let kept = '';
  for (const { segment } of letters.segment(text)) {
    left -= emsOf(segment, foreign);
    if (left < 0) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…${isFromTheRight.test(text) ? '\u200f' : ''}`;
}

/** Whether the first letter is Hebrew or Arabic: the dots then need a mark to stand on their left. */
const isFromTheRight = /^\P{L}*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/u;

/** The text cut to so many letters, for sentences. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = '';
  for (const { segment } of letters.segment(text)) {
    if (kept.length + segment.length >= most) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
