const mostSearched = 200_000;

/** Where a text stops being JSON, in the way an editor counts. */
export function whereNotJson(text: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  const named = /position (\d+)/.exec(why)?.[1];
  const position = named === undefined ? search(text) : Number(named);
  const reason = why.replace(/ in JSON at position.*$|, (\.\.\.)?".*$/s, '');
  if (position === undefined) return reason;
  const before = text.slice(0, position).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `${reason} at position ${position} (line ${before.length}, column ${column})`;
}

/** V8 does not always name the position: it is the length of the longest start that only lacks its end. */
function search(text: string): number | undefined {
  if (text.length > mostSearched) return undefined;
  let fine = 0;
  let wrong = text.length + 1;
  while (wrong - fine > 1) {
    const middle = Math.floor((fine + wrong) / 2);
    if (onlyLacksItsEnd(text.slice(0, middle))) fine = middle;
    else wrong = middle;
  }
  return fine;
}

function onlyLacksItsEnd(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return why.includes('Unexpected end') || Number(/position (\d+)/.exec(why)?.[1]) >= start.length;
  }
}
