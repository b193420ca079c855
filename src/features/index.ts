import type { Doors } from '../doors.ts';
import { catalog } from './catalog/doors.ts';
import { datasets } from './datasets/doors.ts';
import { departures } from './departures/doors.ts';
import { distributions } from './distributions/doors.ts';
import { drift } from './drift/doors.ts';
import { duties } from './duties/doors.ts';
import { goals } from './goals/doors.ts';
import { handovers } from './handovers/doors.ts';
import { home } from './home/doors.ts';
import { incidents } from './incidents/doors.ts';
import { metrics } from './metrics/doors.ts';
import { models } from './models/doors.ts';
import { postmortems } from './postmortems/doors.ts';
import { releases } from './releases/doors.ts';
import { rollbacks } from './rollbacks/doors.ts';
import { sources } from './sources/doors.ts';
import { teams } from './teams/doors.ts';
import { watches } from './watches/doors.ts';

export const features: readonly Doors[] = [
  teams,
  models,
  catalog,
  duties,
  handovers,
  departures,
  metrics,
  sources,
  datasets,
  drift,
  distributions,
  watches,
  goals,
  releases,
  rollbacks,
  incidents,
  postmortems,
  home,
];
