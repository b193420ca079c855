import { Refusal } from '../../../lib/refusal.ts';
import type { Incident } from '../schema.ts';

/** As many as can be ticked at once. */
const mostFurther = 10;

/** Also when it is over: that another model was affected is often found while looking back. */
export function checkFurther({ number, state }: Pick<Incident, 'number' | 'state'>, howMany = 0): void {
  if (state === 'merged' || state === 'cancelled')
    throw new Refusal(
      `Incident ${number} was ${state === 'merged' ? 'merged' : 'called off'}, so nothing is added to it.`,
    );
  if (howMany > mostFurther) throw new Refusal(`Name ${mostFurther} other models at most.`, { field: 'another' });
}
