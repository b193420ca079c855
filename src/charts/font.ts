import { fileURLToPath } from 'node:url';

export const family = 'Inter';

/** Shipped with the app (SIL Open Font Licence 1.1), because a slim container has no fonts at all. */
export const fontFiles = [
  import.meta.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  import.meta.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
].map((url) => fileURLToPath(url));

/** Whether the text has letters that Inter cannot write: neither Latin, Greek nor Cyrillic. */
export function needsOtherFont(text: string): boolean {
  return /[\u0530-\u1dff\u2600-\u27bf\u2c00-\u{10ffff}]/u.test(text);
}
