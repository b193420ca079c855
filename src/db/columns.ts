import { text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const workspace = () => text('workspace').notNull();

/** Not a primary key by itself: every primary key is (workspace, id). */
export const id = () => uuid('id').notNull().defaultRandom();

export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
