import { toPng } from '../../src/charts/png.ts';

/** Draws the picture and reads its width and height from the file, and the file's size in bytes. */
export function drawn(svg: string): { width: number; height: number; bytes: number } {
  const png = Buffer.from(toPng(svg));
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), bytes: png.length };
}

/** What is written in the picture, piece by piece. */
export function writtenIn(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
}
