import { type Doors, onWork } from '../../doors.ts';
import { lookAgain, noticeNext } from './store.ts';

/** Its cards carry buttons of models, teams and duties; offers of models are made by handovers. */
export const departures: Doors = {
  workers: [onWork('departures.notice', noticeNext), onWork('departures.look', lookAgain)],
};
