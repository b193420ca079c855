import { foreignKey, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../../../db/columns.ts';
import type { Evidence } from '../../drift/schema.ts';
import { incidents } from '../schema.ts';

export const moments = ['declared', 'resolved'] as const;
export type Moment = (typeof moments)[number];

/** Written once; the database refuses to change it. `round`: how often it had been opened again. */
export const frozenSeries = pgTable(
  'incident_series',
  {
    workspace: workspace(),
    incidentId: uuid('incident_id').notNull(),
    moment: text('moment', { enum: moments }).notNull(),
    round: integer('round').notNull(),
    place: integer('place').notNull(),
    takenAt: instant('taken_at').notNull(),
    series: jsonb('series').$type<Evidence>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.incidentId, t.moment, t.round, t.place] }),
    foreignKey({
      name: 'series_of_incident',
      columns: [t.workspace, t.incidentId],
      foreignColumns: [incidents.workspace, incidents.id],
    }),
  ],
);
export type Frozen = typeof frozenSeries.$inferSelect;
