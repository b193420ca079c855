import { foreignKey, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../../../db/columns.ts';
import { incidents } from '../schema.ts';

/** What people outside the incident were told, in their words. */
export const incidentNotices = pgTable(
  'incident_notices',
  {
    workspace: workspace(),
    incidentId: uuid('incident_id').notNull(),
    number: integer('number').notNull(),
    text: text('text').notNull(),
    /** A channel, or people as direct messages. */
    audience: text('audience').array().notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.incidentId, t.number] }),
    foreignKey({ columns: [t.workspace, t.incidentId], foreignColumns: [incidents.workspace, incidents.id] }),
  ],
);
export type IncidentNotice = typeof incidentNotices.$inferSelect;
