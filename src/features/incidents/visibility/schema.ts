import { foreignKey, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../../../db/columns.ts';
import { incidents } from '../schema.ts';

/** Who sees a private incident. */
export const incidentPeople = pgTable(
  'incident_people',
  {
    workspace: workspace(),
    incidentId: uuid('incident_id').notNull(),
    personId: text('person_id').notNull(),
    addedBy: text('added_by').notNull(),
    addedAt: instant('added_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.incidentId, t.personId] }),
    index('incident_of_person').on(t.workspace, t.personId),
    foreignKey({ columns: [t.workspace, t.incidentId], foreignColumns: [incidents.workspace, incidents.id] }),
  ],
);
