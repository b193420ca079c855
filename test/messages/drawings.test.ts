import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { announce } from '../../src/messages/announce.ts';
import { message, section, sentence } from '../../src/slack/blocks.ts';
import { md } from '../../src/slack/mrkdwn.ts';
import { assertDrawn } from '../support/drawings.ts';
import { it } from '../support/house.ts';

it('a store test that draws what Slack refuses fails, also when a better message replaced it', async ({ house }) => {
  const { db } = house.ctx;
  await announce(house.ctx, 'card:1', { channel: 'C1' }, sentence(md`Fine.`));
  await expect(assertDrawn(db)).resolves.toBeUndefined();
  const empty = message(md`Bad.`, { ...section(md`x`), text: { type: 'mrkdwn', text: '' } });
  await announce(house.ctx, 'card:1', { channel: 'C1' }, empty);
  await announce(house.ctx, 'card:1', { channel: 'C1' }, sentence(md`Mended.`));
  await expect(assertDrawn(db)).rejects.toThrow('Slack would refuse card:1');
  await db.execute(sql`delete from drawn`);
});
