import type { Container, Place, Values } from './types.ts';

export function placeOf(container: Container, values: Values | undefined, errors?: Record<string, string>): Place {
  return { container, values: values ?? {}, errors };
}
