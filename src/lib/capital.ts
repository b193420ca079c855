/** With a capital letter, as a sentence or a name begins. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
