import type { Doors } from '../doors.ts';
import { approvals } from './approvals/doors.ts';
import { blockers } from './blockers/doors.ts';
import { calendars } from './calendars/doors.ts';
import { catalog } from './catalog/doors.ts';
import { connections } from './connections/doors.ts';
import { datasets } from './datasets/doors.ts';
import { declarations } from './declarations/doors.ts';
import { departures } from './departures/doors.ts';
import { delegations } from './delegations/doors.ts';
import { deployers } from './deployers/doors.ts';
import { distributions } from './distributions/doors.ts';
import { drift } from './drift/doors.ts';
import { duties } from './duties/doors.ts';
import { gates } from './gates/doors.ts';
import { goals } from './goals/doors.ts';
import { handovers } from './handovers/doors.ts';
import { home } from './home/doors.ts';
import { incidentFigures } from './incident-figures/doors.ts';
import { incidents } from './incidents/doors.ts';
import { incidentModelDoors } from './incidents/models/doors.ts';
import { metrics } from './metrics/doors.ts';
import { models } from './models/doors.ts';
import { postmortemLibrary } from './postmortem-library/doors.ts';
import { commitments } from './postmortems/commitments/doors.ts';
import { postmortems } from './postmortems/doors.ts';
import { fairness } from './postmortems/fairness/doors.ts';
import { vocabulary } from './postmortems/fairness/vocabulary/doors.ts';
import { hearing } from './postmortems/hearing/doors.ts';
import { postmortemPeople } from './postmortems/people/doors.ts';
import { poll } from './postmortems/poll/doors.ts';
import { postmortemReview } from './postmortems/review/doors.ts';
import { voices } from './postmortems/voices/doors.ts';
import { postmortemWriting } from './postmortems/writing/doors.ts';
import { promotions } from './promotions/doors.ts';
import { releases } from './releases/doors.ts';
import { retraining } from './retraining/doors.ts';
import { rituals } from './rituals/doors.ts';
import { rollbacks } from './rollbacks/doors.ts';
import { sources } from './sources/doors.ts';
import { standups } from './standups/doors.ts';
import { away } from './teams/away/doors.ts';
import { teams } from './teams/doors.ts';
import { importing } from './teams/importing/doors.ts';
import { testScore } from './test-score/doors.ts';
import { timelines } from './timelines/doors.ts';
import { work } from './work/doors.ts';
import { workFromMessages } from './work-from-messages/doors.ts';
import { watches } from './watches/doors.ts';

export const features: readonly Doors[] = [
  teams,
  importing,
  away,
  calendars,
  models,
  catalog,
  duties,
  handovers,
  departures,
  metrics,
  sources,
  connections,
  datasets,
  blockers,
  work,
  drift,
  distributions,
  watches,
  goals,
  releases,
  delegations,
  deployers,
  gates,
  approvals,
  promotions,
  rollbacks,
  retraining,
  testScore,
  incidents,
  incidentModelDoors,
  declarations,
  workFromMessages,
  incidentFigures,
  postmortems,
  postmortemWriting,
  postmortemReview,
  hearing,
  postmortemPeople,
  commitments,
  fairness,
  vocabulary,
  voices,
  poll,
  timelines,
  postmortemLibrary,
  rituals,
  standups,
  home,
];
