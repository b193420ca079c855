import { foreignKey, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../../../db/columns.ts';
import { models } from '../../models/schema.ts';
import { incidents } from '../schema.ts';

/** Models that were affected beside the one that it was declared on. */
export const incidentModels = pgTable(
  'incident_models',
  {
    workspace: workspace(),
    incidentId: uuid('incident_id').notNull(),
    modelId: uuid('model_id').notNull(),
    addedBy: text('added_by').notNull(),
    addedAt: instant('added_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.incidentId, t.modelId] }),
    index('incident_also_on').on(t.workspace, t.modelId),
    foreignKey({ columns: [t.workspace, t.incidentId], foreignColumns: [incidents.workspace, incidents.id] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
