/** The rows of a raw `execute`, which the drivers wrap differently. */
export function rowsOf(result: unknown): unknown[] {
  if (Array.isArray(result)) return result;
  if (result !== null && typeof result === 'object' && 'rows' in result && Array.isArray(result.rows))
    return result.rows;
  throw new Error('not the result of a query');
}
