import { sql } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { makeWork } from '../../../src/features/work/changes.ts';
import { workPage } from '../../../src/features/work/queries.ts';
import { workEvents } from '../../../src/features/work/schema.ts';
import { workList } from '../../../src/features/work/views.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { it } from '../../support/house.ts';
import { give, make, move } from './support.ts';

describe('a work item', () => {
  it('waits in the backlog until somebody starts it, and is theirs then', async ({ house }) => {
    const { teamId, model } = await house.team();
    const item = await make(house, teamId, { modelId: model.id, details: 'Of October' });
    expect(item).toMatchObject({ number: 1, state: 'backlog', ownerId: null, startedAt: null });
    expect(await house.said('work:')).toEqual([]);
    house.later(60);
    const started = await move(house, item, 'doing', 'ENGI');
    expect(started).toMatchObject({ state: 'doing', ownerId: 'ENGI', startedAt: house.now() });
    const [card = ''] = await house.said('work:');
    expect(card).toContain('*Work item 1*: Backfill the labels');
    expect(card).toContain('*In progress* since');
    expect(card).toContain('[Done] [Ask for review] [Put back] [Drop] [Give to]');
    expect(card).toContain('Feature · of Retention · about churn-model · made by <@OLGA>');
    expect(await house.heard('work:')).toEqual(['Work item 1 is in progress: Backfill the labels. <@ENGI> has it.']);
  });

  it('opened again keeps its first start, and is not finished any more', async ({ house }) => {
    const { teamId } = await house.team();
    const started = await move(house, await make(house, teamId), 'doing');
    house.later(24 * 60);
    const reviewed = await move(house, started, 'review');
    house.later(60);
    const done = await move(house, reviewed, 'done');
    expect(done.finishedAt).toEqual(house.now());
    expect((await house.said('work:'))[0]).toContain('*Done* since <!date');
    expect((await house.said('work:'))[0]).toContain(', after 2 days. It was with <@OLGA>.');
    house.later(60);
    const again = await move(house, done, 'doing', 'LEAD');
    expect(again).toMatchObject({ startedAt: started.startedAt, finishedAt: null, ownerId: 'OLGA' });
  });

  it('goes only where it can go, and whoever is second reads who was first', async ({ house }) => {
    const { teamId } = await house.team();
    const item = await make(house, teamId);
    await expect(move(house, item, 'done')).rejects.toThrow('Work item 1 is in the backlog, and cannot be done next.');
    await move(house, item, 'doing', 'ENGI');
    await expect(move(house, item, 'doing', 'LEAD')).rejects.toThrow(
      'Work item 1 is in progress now: <@ENGI> moved it. Open it again to go on from there.',
    );
  });

  it('given to somebody else leaves a word where its card was, and a card of their own', async ({ house }) => {
    const { teamId } = await house.team();
    const item = await make(house, teamId, { ownerId: 'OLGA' });
    const given = await give(house, item, 'ENGI', 'LEAD');
    expect(await house.said('work:')).toEqual([
      ':arrow_right: *Work item 1* is with <@ENGI> now: Backfill the labels. Nothing to do here.',
      expect.stringContaining('*Ready to be started* since'),
    ]);
    await expect(give(house, given, 'ENGI')).rejects.toThrow('<@ENGI> has work item 1 already.');
    const back = await give(house, given, 'OLGA');
    expect((await house.said(`work:${item.id}:${back.ownedSince}`))[0]).toContain('<@OLGA> has it.');
    const dropped = await move(house, back, 'dropped');
    await expect(give(house, dropped, 'ENGI')).rejects.toThrow('Work item 1 is dropped. Open it again first.');
  });

  it('a spike is done only with what was found, and a clear no is a result', async ({ house }) => {
    const { teamId } = await house.team();
    const spike = await make(house, teamId, { type: 'spike', title: 'Do embeddings help?' });
    const started = await move(house, spike, 'doing');
    await expect(move(house, started, 'done')).rejects.toThrow('A spike is done once it says what was found.');
    const found = { outcome: 'not_supported', finding: 'Same AUC at ten times the cost' } as const;
    const done = await move(house, started, 'done', 'OLGA', found);
    expect((await house.said('work:'))[0]).toContain(':test_tube: not supported: Same AUC at ten times the cost.');
    const again = await move(house, done, 'doing');
    expect(again).toMatchObject({ outcome: null, finding: '' });
  });

  it('made twice from the same message is one', async ({ house }) => {
    const { teamId } = await house.team();
    const input = { title: 'Look at nulls', details: '', type: 'bug', teamId, origin: 'message:C1:1.2' } as const;
    const first = await house.visit((ctx) => makeWork(ctx, input, 'OLGA'));
    const second = await house.visit((ctx) => makeWork(ctx, { ...input, title: 'Other words' }, 'ENGI'));
    expect(first.isNew).toBe(true);
    expect(second).toMatchObject({ isNew: false, item: { id: first.item.id, title: 'Look at nulls' } });
  });

  it('names the field of what cannot be', async ({ house }) => {
    const { teamId } = await house.team();
    await expect(make(house, teamId, { title: ' x ' })).rejects.toMatchObject({ field: 'title' });
    await expect(make(house, teamId, { title: 'x'.repeat(151) })).rejects.toMatchObject({ field: 'title' });
  });

  it('keeps every move for good, and the ledger says who', async ({ house }) => {
    const { teamId } = await house.team();
    const item = await give(house, await move(house, await make(house, teamId), 'ready'), 'ENGI');
    await move(house, item, 'doing', 'ENGI');
    const events = await house.ctx.db.select().from(workEvents).orderBy(workEvents.number);
    expect(events.map(({ kind, by, from, to }) => [kind, by, from, to])).toEqual([
      ['moved', 'OLGA', null, 'backlog'],
      ['moved', 'OLGA', 'backlog', 'ready'],
      ['given', 'OLGA', null, 'ENGI'],
      ['moved', 'ENGI', 'ready', 'doing'],
    ]);
    const told = (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what.startsWith('work.'));
    expect(told.map(({ who, what }) => `${who} ${what}`)).toEqual([
      'OLGA work.made',
      'OLGA work.ready',
      'OLGA work.given',
      'ENGI work.started',
    ]);
    const forged = house.visit((ctx) => ctx.db.execute(sql`update work_events set "by" = 'X'`));
    await expect(forged).rejects.toMatchObject({ cause: { message: expect.stringContaining('are only added') } });
  });
});

describe('the list of a team', () => {
  it('has what is yours first, then what is furthest, a page at a time; what is over is not in it', async ({
    house,
  }) => {
    const { teamId } = await house.team();
    for (let i = 0; i < 12; i += 1) await make(house, teamId, { title: `Task ${i}` });
    await make(house, teamId, { title: 'Mine', ownerId: 'OLGA' });
    await move(house, await make(house, teamId, { title: 'Going', ownerId: 'ENGI' }), 'doing');
    await move(house, await make(house, teamId, { title: 'Gone', ownerId: 'OLGA' }), 'dropped');
    const lists = await workPage(house.ctx, { id: teamId, name: 'Retention' }, 'OLGA', 0);
    expect(lists.rows.map(({ title }) => title).slice(0, 4)).toEqual(['Mine', 'Going', 'Task 0', 'Task 1']);
    const { text } = workList(lists);
    expect(text).toBe(
      '14 work items of Retention: 1 in progress, 0 in review, 1 ready to be started, 12 in the backlog.',
    );
    const last = await workPage(house.ctx, { id: teamId, name: 'Retention' }, 'OLGA', 9);
    expect([last.page, last.pages, last.rows.length]).toEqual([1, 2, 4]);
    const elsewhere = await workPage(house.elsewhere('T2'), { id: teamId, name: 'Retention' }, 'OLGA', 0);
    expect(elsewhere.rows).toEqual([]);
  });
});
