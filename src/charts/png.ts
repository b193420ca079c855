import { Resvg } from '@resvg/resvg-js';
import { family, fontFiles, needsOtherFont } from './font.ts';

/** The picture as PNG, in the size of the SVG. Reads the system's fonts only for scripts that ours lacks. */
export function toPng(svg: string): Uint8Array {
  const resvg = new Resvg(svg, {
    font: { loadSystemFonts: needsOtherFont(svg), fontFiles, defaultFontFamily: family, sansSerifFamily: family },
  });
  return resvg.render().asPng();
}
