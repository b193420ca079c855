import { fileURLToPath } from 'node:url';

export const family = 'Inter';

const file = (path: string) => fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${path}`));

/** Shipped with the app (SIL Open Font Licence 1.1), because a slim container has no fonts at all. */
export const fontFiles = [file('400Regular/Inter_400Regular.ttf'), file('600SemiBold/Inter_600SemiBold.ttf')];

/** Whether the text has letters that Inter cannot write: neither Latin, Greek nor Cyrillic. */
export function needsOtherFont(text: string): boolean {
  return /[\u0530-\u1dff\u2c00-\u{10ffff}]/u.test(text);
}
