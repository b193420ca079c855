import { expect } from 'vitest';
import { z } from 'zod';
import { Refusal } from '../../src/lib/refusal.ts';
import { firstTime } from '../../src/messages/inbox.ts';
import { inbox } from '../../src/messages/schema.ts';
import { answerDoor, type Knock } from '../../src/runtime/answer.ts';
import { sentence } from '../../src/slack/blocks.ts';
import { md } from '../../src/slack/mrkdwn.ts';
import { it, type Site } from './support.ts';

const hello = { say: sentence(md`Hello.`) };

function visit({ ctx }: Site, knock: Partial<Knock>) {
  let woken = 0;
  const outcome = answerDoor(ctx, { key: 'k1', door: 'test', handle: () => Promise.resolve(hello), ...knock }, () => {
    woken += 1;
  });
  return outcome.then((done) => ({ ...done, woken }));
}

it('does the work once and wakes the workers after the commit', async ({ site }) => {
  const seen: number[] = [];
  const handle = async () => void seen.push(1);
  expect(await visit(site, { handle })).toEqual({ kind: 'done', answer: {}, woken: 1 });
  expect(await visit(site, { handle })).toEqual({ kind: 'repeated', woken: 0 });
  expect(seen).toHaveLength(1);
});

it('does it once when the same comes in many times at once', async ({ site }) => {
  let effects = 0;
  const handle = async () => {
    effects += 1;
  };
  const kinds = await Promise.all(Array.from({ length: 8 }, () => visit(site, { handle })));
  expect(kinds.filter(({ kind }) => kind === 'done')).toHaveLength(1);
  expect(effects).toBe(1);
});

it('prepares before the transaction, and a refusal there changes nothing', async ({ site }) => {
  const order: string[] = [];
  const prepare: Knock['prepare'] = async (ctx) => {
    order.push(ctx.lastly ? 'inside' : 'outside');
  };
  const handle: Knock['handle'] = async (ctx) => void order.push(ctx.lastly ? 'inside' : 'outside');
  await visit(site, { prepare, handle });
  expect(order).toEqual(['outside', 'inside']);
  const refuse = () => Promise.reject(new Refusal('You may not.'));
  expect(await visit(site, { key: 'k2', prepare: refuse })).toMatchObject({ kind: 'refused', reason: 'You may not.' });
  expect(await site.ctx.db.select().from(inbox)).toHaveLength(1);
});

it('undoes everything when refused, so that a second try counts', async ({ site }) => {
  const handle: Knock['handle'] = async (ctx) => {
    await firstTime(ctx, 'a write of the door');
    throw new Refusal('The reason is empty.', { field: 'reason' });
  };
  expect(await visit(site, { handle })).toMatchObject({ kind: 'refused', field: 'reason', woken: 0 });
  expect(await site.ctx.db.select().from(inbox)).toEqual([]);
  expect(await visit(site, {})).toMatchObject({ kind: 'done', answer: hello });
});

it('tells an old button from a bug', async ({ site }) => {
  const handle = async () => void z.object({ id: z.uuid() }).parse({ model: 3 });
  expect(await visit(site, { handle, readsOurOwn: true })).toMatchObject({ kind: 'misread' });
  expect(await visit(site, { handle })).toMatchObject({ kind: 'broken' });
});

it('logs a bug under the reference that the person gets', async ({ site }) => {
  const outcome = await visit(site, { handle: () => Promise.reject(new TypeError('x is not a function')) });
  const reference = outcome.kind === 'broken' ? outcome.reference : '';
  expect(reference).toMatch(/^[0-9a-f]{8}$/);
  expect(site.log.lines).toMatchObject([{ level: 'error', about: { door: 'test', reference } }]);
});

it('says so when the database is out of reach', async ({ site }) => {
  const gone = Object.assign(new Error('Failed query: rollback'), { cause: { code: 'ECONNREFUSED', message: '' } });
  expect(await visit(site, { prepare: () => Promise.reject(gone) })).toMatchObject({ kind: 'unreachable' });
});
