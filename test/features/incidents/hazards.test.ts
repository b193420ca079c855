import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { within } from '../../../src/context.ts';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { buildNextChannel } from '../../../src/features/incidents/channel.ts';
import { takeIncidents } from '../../../src/features/incidents/intake.ts';
import { merge } from '../../../src/features/incidents/merging/changes.ts';
import { disorder } from '../../../src/features/incidents/milestones.ts';
import { askNext } from '../../../src/features/incidents/news/changes.ts';
import { openIncidents } from '../../../src/features/incidents/queries.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { incidents, milestones } from '../../../src/features/incidents/schema.ts';
import { addMessage, dropMessage, keepMessage } from '../../../src/features/incidents/timeline/changes.ts';
import { curate } from '../../../src/features/incidents/timeline/curating/changes.ts';
import { followEdit, followRemoval } from '../../../src/features/incidents/timeline/following/changes.ts';
import { readNextNote } from '../../../src/features/incidents/timeline/reading/changes.ts';
import { timelineOf } from '../../../src/features/incidents/timeline/queries.ts';
import { incidentNotes, noteWordings } from '../../../src/features/incidents/timeline/schema.ts';
import { removed } from '../../../src/features/timelines/changes.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { firstTime } from '../../../src/messages/inbox.ts';
import type { SlackApi } from '../../../src/ports.ts';
import { type House, it, quietSlack } from '../../support/house.ts';
import { another, declared } from './support.ts';

const report = { model: 'churn-model', title: 'Scores are late', dedupe_key: 'late' };
const room = 'C7INC';
const ts = '1772442060.000100';
const because = 'the team looked at it together';

/** An incident whose channel stands; Slack answers `read` as said. */
async function inRoom(house: House, said: Readonly<Record<string, string>> = {}) {
  const incident = await declared(house);
  await house.ctx.db
    .update(incidents)
    .set({ channel: room, channelStep: 'ready' })
    .where(eq(incidents.id, incident.id));
  const read: SlackApi['read'] = (_channel, at) => {
    const text = said[at];
    return Promise.resolve({ ok: true, value: text === undefined ? {} : { said: { text, author: 'PROD' } } });
  };
  const ctx = { ...house.ctx, slack: { ...quietSlack(), read } };
  const story = async () =>
    (await timelineOf(house.ctx, await incident.now(), house.now())).filter(({ what }) => what === 'message');
  return { ...incident, ctx, story };
}

/**
 * One test a hazard that is known from other tools. True races are in test/postgres/incidents.test.ts, lost answers of
 * Slack in test/stories/slack-in-trouble.test.ts, old forms in test/stories/incident.test.ts, leaks in private.test.ts.
 */
describe('what goes wrong elsewhere', () => {
  it('two people end it: the second reads who was first, and it is told once', async ({ house }) => {
    const { id } = await declared(house);
    await resolve(house.ctx, id, 'It is over.', because, 'OLGA');
    const second = resolve(house.ctx, id, 'It is over.', because, 'DEPU');
    await expect(second).rejects.toThrow('Incident 1 is already resolved by <@OLGA>');
    expect((await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what === 'incident.resolved')).toHaveLength(1);
  });

  it('the same delivery comes twice: it is done once, by its id and not by its header', async ({ house }) => {
    const { model } = await house.team();
    const work = () =>
      within(house.ctx, async (ctx) => {
        if (!(await firstTime(ctx, 'event:Ev1'))) return false;
        const what = { title: 'Off', summary: '', severity: 'sev2', version: '14', evidence: '' } as const;
        await declare(ctx, { ...what, modelId: model.id, onset: ctx.now() }, 'OLGA');
        return true;
      });
    expect([await work(), await work()]).toEqual([true, false]);
    expect(await openIncidents(house.ctx, 'OLGA')).toHaveLength(1);
  });

  it('an alert that is sent again makes no second incident, but is counted', async ({ house }) => {
    await house.team();
    await takeIncidents(house.ctx, [report, report]);
    await takeIncidents(house.ctx, [report]);
    expect(await openIncidents(house.ctx, 'OLGA')).toMatchObject([{ repeats: 2 }]);
  });

  it('numbers are never given twice, not even after others are gone', async ({ house }) => {
    const { model } = await house.team();
    const numbers = [];
    for (const title of ['a', 'b', 'c']) numbers.push((await another(house, model.id, { title })).number);
    await house.ctx.db.delete(milestones);
    await house.ctx.db.delete(incidents);
    numbers.push((await another(house, model.id)).number);
    expect(numbers).toEqual([1, 2, 3, 4]);
  });

  it('a message pinned by three people stands once, and goes only with who put it there', async ({ house }) => {
    const { ctx, story } = await inRoom(house, { [ts]: 'The feed stopped.' });
    for (const who of ['OLGA', 'DEPU', 'ENGI']) await keepMessage(ctx, { channel: room, ts }, who);
    while (await readNextNote(ctx));
    expect(await story()).toMatchObject([
      { who: 'PROD', text: 'said "The feed stopped."', at: new Date('2026-03-02T09:01:00.000Z') },
    ]);
    await dropMessage(ctx, { channel: room, ts }, 'DEPU');
    expect(await story()).toHaveLength(1);
    await dropMessage(ctx, { channel: room, ts }, 'OLGA');
    expect(await story()).toEqual([]);
  });

  it('a reaction to what cannot be read puts no other message in its place, and who pinned it hears so', async ({
    house,
  }) => {
    const { ctx, id, story } = await inRoom(house);
    await keepMessage(ctx, { channel: room, ts }, 'OLGA');
    while (await readNextNote(ctx));
    expect(await story()).toEqual([]);
    expect((await house.said(`incident:${id}:unread`)).join()).toContain(
      'I could not read the message that you pinned',
    );
  });

  it('an author changes a message: the new words stand and the old ones are kept', async ({ house }) => {
    const { ctx, id, story } = await inRoom(house);
    await addMessage(ctx, id, { channel: room, ts }, { text: 'At noon.', author: 'PROD' }, 'OLGA');
    await followEdit(ctx, { channel: room, ts }, 'At one.');
    await followEdit(ctx, { channel: room, ts }, 'At two.');
    await followEdit(ctx, { channel: room, ts }, 'At two.');
    expect(await story()).toMatchObject([{ text: 'said "At two."', isChanged: true }]);
    const kept = await house.ctx.db.select().from(noteWordings).orderBy(noteWordings.number);
    expect(kept.map(({ text }) => text)).toEqual(['At noon.', 'At one.']);
  });

  it('an author removes a message: no word of it is left anywhere, and nobody can bring it back', async ({ house }) => {
    const { ctx, id, story } = await inRoom(house, { [ts]: 'Call me: 0171.' });
    await addMessage(ctx, id, { channel: room, ts }, { text: 'My number is 0171.', author: 'PROD' }, 'OLGA');
    await followEdit(ctx, { channel: room, ts }, 'Call me: 0171.');
    await followRemoval(ctx, { channel: room, ts });
    await keepMessage(ctx, { channel: room, ts }, 'DEPU');
    expect(await addMessage(ctx, id, { channel: room, ts }, { text: '0171', author: 'PROD' }, 'DEPU')).toBe(false);
    expect(await story()).toMatchObject([{ text: 'said something, and removed it since' }]);
    const left = [
      await house.ctx.db.select().from(incidentNotes),
      await house.ctx.db.select().from(noteWordings),
      await linesOf(house.ctx.db, 'T1'),
    ];
    expect(JSON.stringify(left)).not.toContain('0171');
  });

  it('a message that is no part of any story is changed and removed without a trace', async ({ house }) => {
    const { ctx, story } = await inRoom(house);
    await followEdit(ctx, { channel: 'C1', ts }, 'Lunch?');
    await removed(ctx, { channel: 'C1', ts });
    expect(await story()).toEqual([]);
  });

  it('the channel is half made when the process dies: the next one goes on where it stopped', async ({ house }) => {
    const { id, now } = await declared(house);
    const calls: string[] = [];
    const made = { ok: true, value: { channel: room } } as const;
    const fine = { ok: true, value: {} } as const;
    const lost = { ok: false, why: 'unclear', detail: 'the line went dead' } as const;
    const slack = (invite: typeof fine | typeof lost): SlackApi => ({
      ...quietSlack(),
      createChannel: (name) => {
        calls.push(`create ${name}`);
        return Promise.resolve(made);
      },
      setTopic: () => Promise.resolve(fine),
      invite: () => Promise.resolve(invite),
    });
    await buildNextChannel({ ...house.ctx, slack: slack(lost) });
    expect(await now()).toMatchObject({ channel: room, channelStep: 'created' });
    house.later(1);
    await buildNextChannel({ ...house.ctx, slack: slack(fine) });
    expect(await now()).toMatchObject({ channelStep: 'ready' });
    expect(calls).toEqual(['create inc-1-churn-model']);
    await takeCommand(house.ctx, id, 'OLGA');
  });

  it('its channel cannot be made at all: it is led, told and ended without one', async ({ house }) => {
    const { id, card } = await declared(house);
    await buildNextChannel(house.ctx);
    await takeCommand(house.ctx, id, 'OLGA');
    await resolve(house.ctx, id, 'It is over.', because, 'OLGA');
    expect(await card()).toContain('*Resolved* by <@OLGA>');
  });

  it('after a night without any process, one reminder is sent and not ten', async ({ house }) => {
    const { id } = await declared(house);
    house.later(12 * 60);
    while (await askNext(house.ctx));
    expect(await house.said(`incident:${id}:ask`)).toHaveLength(1);
  });

  it('what a machine did stands under its own name, never under that of a person', async ({ house }) => {
    await house.team();
    await takeIncidents(house.ctx, [{ ...report, by: 'pager' }]);
    const lines = await linesOf(house.ctx.db, 'T1');
    expect(lines.find(({ what }) => what === 'incident.declared')?.who).toBe('pager');
  });

  it('a line of the story is curated by two at once: the second overwrites nothing and is told', async ({ house }) => {
    const { ctx, id, story } = await inRoom(house);
    await addMessage(ctx, id, { channel: room, ts }, { text: 'At noon.', author: 'PROD' }, 'OLGA');
    const line = `note:${room}:${ts}`;
    const wish = { isHidden: false, at: null, tag: null, seen: null };
    await curate(house.ctx, id, line, { ...wish, title: 'The feed stopped at noon' }, 'OLGA');
    const second = curate(house.ctx, id, line, { ...wish, title: 'Lunch' }, 'DEPU');
    await expect(second).rejects.toThrow('Somebody changed this line while you wrote.');
    const [now] = await story();
    expect(now).toMatchObject({ text: 'The feed stopped at noon', markedAt: house.now().getTime() });
    await curate(house.ctx, id, line, { ...wish, title: 'Noon', seen: now?.markedAt ?? null }, 'DEPU');
    expect(await story()).toMatchObject([{ text: 'Noon' }]);
  });

  it('what was pinned in one that is merged stays in the story, in that of the survivor, also over two merges', async ({
    house,
  }) => {
    const { ctx, id, model } = await inRoom(house);
    await addMessage(ctx, id, { channel: room, ts }, { text: 'The feed stopped.', author: 'PROD' }, 'OLGA');
    const other = await another(house, model.id);
    const last = await another(house, model.id);
    await merge(house.ctx, id, other.id, 'OLGA');
    await merge(house.ctx, other.id, last.id, 'OLGA');
    const told = await timelineOf(house.ctx, await last.now(), house.now());
    expect(told.filter(({ what }) => what === 'message')).toMatchObject([{ text: 'said "The feed stopped."' }]);
  });

  it('a drill and what really burns never share a key, and are never merged', async ({ house }) => {
    await house.team();
    await takeIncidents(house.ctx, [{ ...report, kind: 'test' }]);
    const { incidents: taken } = await takeIncidents(house.ctx, [report, { ...report, kind: 'test' }]);
    expect(taken).toEqual([
      { number: 2, new: true },
      { number: 1, new: false },
    ]);
    const [test, real] = await openIncidents(house.ctx, 'OLGA');
    if (!test || !real) expect.unreachable('both are open');
    await expect(merge(house.ctx, real.id, test.id, 'OLGA')).rejects.toThrow('is of another kind (test)');
  });

  it('two that are merged into each other: one of them goes on', async ({ house }) => {
    const one = await declared(house);
    const other = await another(house, one.model.id);
    await merge(house.ctx, one.id, other.id, 'OLGA');
    await expect(merge(house.ctx, other.id, one.id, 'DEPU')).rejects.toThrow('Incident 1 is not open.');
    expect(await openIncidents(house.ctx, 'OLGA')).toHaveLength(1);
  });

  it('the clock of a sender is wrong: the future is refused by its field, what cannot be in order is said', async ({
    house,
  }) => {
    await house.team();
    const { rejected } = await takeIncidents(house.ctx, [{ ...report, detected_at: '2026-03-02T10:00:00Z' }]);
    expect(rejected).toEqual([{ index: 0, reason: 'detected_at: lies in the future' }]);
    const said = { ...report, onset: '2026-03-02T08:50:00Z', detected_at: '2026-03-02T08:40:00Z' };
    await takeIncidents(house.ctx, [said]);
    const [incident] = await openIncidents(house.ctx, 'OLGA');
    expect(incident?.onset).toEqual(new Date('2026-03-02T08:50:00Z'));
    expect(disorder({ onset: new Date('2026-03-02T08:50:00Z'), detected: new Date('2026-03-02T08:40:00Z') })).toEqual([
      '"Detected" lies before "Began, best guess".',
    ]);
  });
});
