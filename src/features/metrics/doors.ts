import { type Doors, onClock } from '../../doors.ts';
import { prepareMonths } from './store.ts';

export const metrics: Doors = {
  jobs: [onClock('metrics.months', '10 0 * * *', prepareMonths)],
};
