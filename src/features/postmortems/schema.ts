import { foreignKey, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { incidents } from '../incidents/schema.ts';
import type { Document } from './draft.ts';

export const postmortemStates = ['draft'] as const;

export const postmortems = pgTable(
  'postmortems',
  {
    workspace: workspace(),
    id: id(),
    incidentId: uuid('incident_id').notNull(),
    state: text('state', { enum: postmortemStates }).notNull().default('draft'),
    document: jsonb('document').$type<Document>().notNull(),
    startedBy: text('started_by').notNull(),
    startedAt: instant('started_at').notNull(),
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('postmortem_of').on(t.workspace, t.incidentId),
    foreignKey({ columns: [t.workspace, t.incidentId], foreignColumns: [incidents.workspace, incidents.id] }),
  ],
);
export type Postmortem = typeof postmortems.$inferSelect;
