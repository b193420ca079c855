import { sql } from 'drizzle-orm';
import { foreignKey, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { sources } from '../sources/schema.ts';

export const connectionKinds = ['mlflow', 'airflow', 'kubeflow', 'webhook'] as const;
export type ConnectionKind = (typeof connectionKinds)[number];

/** signature: nobody signs in, we sign what we send. */
export const signIns = ['none', 'password', 'token', 'signature'] as const;
export type SignIn = (typeof signIns)[number];

/** A tool that we ask, as the workspace gave it. */
export const connections = pgTable(
  'connections',
  {
    workspace: workspace(),
    id: id(),
    /** What people call it; free again when it was forgotten. */
    name: text('name').notNull(),
    kind: text('kind', { enum: connectionKinds }).notNull(),
    url: text('url').notNull(),
    signIn: text('sign_in', { enum: signIns }).notNull(),
    username: text('username').notNull().default(''),
    /** The password, token or signing secret, sealed for this row. */
    secret: text('secret'),
    /** The workspace of MLflow or the namespace of Kubeflow. */
    space: text('space').notNull().default(''),
    revision: integer('revision').notNull().default(1),
    /** Of this revision; empty: it was not tried yet. */
    triedAt: instant('tried_at'),
    /** What the last try found, in words. */
    found: text('found').notNull().default(''),
    /** What was wrong then, in words; empty when nothing was. */
    problem: text('problem').notNull().default(''),
    /** What it posts here as. */
    sourceId: uuid('source_id'),
    /** Why it could not be told where to post; empty when it was. */
    hookProblem: text('hook_problem').notNull().default(''),
    madeBy: text('made_by').notNull(),
    madeAt: instant('made_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('connection_name')
      .on(t.workspace, sql`lower(${t.name})`)
      .where(sql`${t.revokedAt} is null`),
    foreignKey({ columns: [t.workspace, t.sourceId], foreignColumns: [sources.workspace, sources.id] }),
  ],
);
export type Connection = typeof connections.$inferSelect;
