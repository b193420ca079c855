import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../src/db/client.ts';
import { rowsOf } from '../../src/db/rows.ts';
import { normaliseBlocks } from '../../src/local-slack/blocks/normalise.ts';
import { people } from '../../src/features/teams/schema.ts';
import { drawn } from '../../src/messages/draw.ts';
import { pictures } from '../../src/messages/schema.ts';
import { eventType } from '../../src/runtime/slack-lookups.ts';
import { pictureMark } from '../../src/slack/blocks.ts';
import { messageProblems } from './drawn.ts';
import { isKept, keep } from './writes.ts';

/** Notes every message that is ever announced, also one that a later one replaces; undone with the test. */
export async function watchDrawings(db: Db): Promise<void> {
  await db.execute(sql`create temporary table drawn (at serial, key text, wanted jsonb)`);
  await db.execute(sql`
    create function note_drawn() returns trigger language plpgsql as $$
    begin insert into drawn (key, wanted) values (new.key, new.wanted); return new; end $$`);
  await db.execute(sql`
    create trigger drawn after insert or update of wanted on messages for each row execute function note_drawn()`);
}

const Drawn = z.array(
  z.object({
    key: z.string(),
    wanted: z.object({ text: z.string(), blocks: z.array(z.record(z.string(), z.unknown())) }),
  }),
);

/** Throws when Slack would refuse any of them. */
export async function assertDrawn(db: Db): Promise<void> {
  const rows = Drawn.parse(rowsOf(await db.execute(sql`select key, wanted from drawn order by at`)));
  const pictured = isKept ? await picturesOf(db) : {};
  const known = isKept ? await db.select({ id: people.id, realName: people.name }).from(people) : [];
  for (const { key, wanted } of rows) {
    const metadata = { event_type: eventType, event_payload: { key } };
    const problems = messageProblems(wanted);
    if (problems.length > 0) throw new Error(`Slack would refuse ${key}: ${problems.join('; ')}`);
    keep({
      method: 'announce',
      kind: 'message',
      given: { ...wanted, metadata },
      kept: { ...wanted, blocks: normaliseBlocks(wanted.blocks), metadata },
      workspace: {
        app: { name: 'Pitcrew', botUserId: 'UBOT', homeTab: true },
        people: known,
        channels: [{ id: 'C1', name: 'ml-retention', kind: 'channel' }],
      },
      pictures: pictured,
    });
  }
}

async function picturesOf(db: Db): Promise<Record<string, string>> {
  const stored = await db.select().from(pictures);
  return Object.fromEntries(
    stored.map(({ key, drawing }) => {
      const { png } = drawn(drawing);
      return [`${pictureMark}${key}`, `data:image/png;base64,${Buffer.from(png).toString('base64')}`];
    }),
  );
}
