import type { SQL } from 'drizzle-orm';
import { customType, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const workspace = () => text('workspace').notNull();

/** Not a primary key by itself: every primary key is (workspace, id). */
export const id = () => uuid('id').notNull().defaultRandom();

export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

const searchWords = customType<{ data: string }>({ dataType: () => 'tsvector' });
/** Words of a text as the search sees them, kept by the database itself. */
export const searchable = (name: string, of: SQL) => searchWords(name).generatedAlwaysAs(of);
