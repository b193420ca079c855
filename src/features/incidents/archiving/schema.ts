import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../../../db/columns.ts';
import { incidents } from '../schema.ts';

/** The rule of the whole workspace; any other scope is the id of a team. */
export const everywhere = 'all';

/** After how many days the channel of a closed incident is archived. Where there is no rule it stays. */
export const archiveRules = pgTable(
  'incident_archive_rules',
  {
    workspace: workspace(),
    scope: text('scope').notNull(),
    /** 0: never, whatever the workspace says. */
    days: integer('days').notNull(),
    setBy: text('set_by').notNull(),
    setAt: instant('set_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.scope] })],
);
export type ArchiveRule = typeof archiveRules.$inferSelect;

export const archiveSteps = ['planned', 'warned', 'kept', 'archived', 'refused'] as const;

/** What becomes of the channel of one closed incident, and when. */
export const archivals = pgTable(
  'incident_archivals',
  {
    workspace: workspace(),
    incidentId: uuid('incident_id').notNull(),
    channel: text('channel').notNull(),
    step: text('step', { enum: archiveSteps }).notNull().default('planned'),
    warnAt: instant('warn_at').notNull(),
    archiveAt: instant('archive_at').notNull(),
    keptBy: text('kept_by'),
    leaseUntil: instant('lease_until'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.incidentId] }),
    index('incident_archival_due')
      .on(t.workspace, t.warnAt)
      .where(sql`${t.step} in ('planned', 'warned')`),
    foreignKey({ columns: [t.workspace, t.incidentId], foreignColumns: [incidents.workspace, incidents.id] }),
  ],
);
export type Archival = typeof archivals.$inferSelect;
