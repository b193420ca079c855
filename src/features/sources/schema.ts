import { pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';

/** The formats we read; each has its reader in integrations/. */
export const kinds = ['evidently'] as const;

/** A tool that may post to /hooks/{id}. The token is kept only as its SHA-256. */
export const sources = pgTable(
  'sources',
  {
    workspace: workspace(),
    id: id(),
    kind: text('kind').notNull(),
    tokenHash: text('token_hash').notNull(),
    madeBy: text('made_by').notNull(),
    madeAt: instant('made_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.id] }), uniqueIndex('source_token').on(t.workspace, t.tokenHash)],
);
export type Source = typeof sources.$inferSelect;
