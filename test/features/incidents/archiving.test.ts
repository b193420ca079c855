import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { closeAfterReview, reopen } from '../../../src/features/incidents/changes.ts';
import { archiveNext, keepChannel, setArchiveRule } from '../../../src/features/incidents/archiving/changes.ts';
import { daysFor } from '../../../src/features/incidents/archiving/rules.ts';
import { archivals, everywhere } from '../../../src/features/incidents/archiving/schema.ts';
import { buildNextChannel } from '../../../src/features/incidents/channel.ts';
import { incidents } from '../../../src/features/incidents/schema.ts';
import type { SlackApi } from '../../../src/ports.ts';
import { messages } from '../../../src/messages/schema.ts';
import { type House, it, quietSlack } from '../../support/house.ts';
import { declared } from './support.ts';

const room = 'C7INC';
const day = 24 * 60;
const fine = { ok: true, value: {} } as const;
const refused = { ok: false, why: 'refused', code: 'not_in_channel' } as const;

/** Closed, with a channel of its own; what Slack was asked. */
async function closed(house: House, rule: number | undefined = 7, onlyFor?: readonly string[]) {
  const incident = await declared(house, { onlyFor });
  const to = { channel: room, channelStep: 'ready', state: 'reviewing' } as const;
  await house.ctx.db.update(incidents).set(to).where(eq(incidents.id, incident.id));
  if (rule !== undefined) await setArchiveRule(house.ctx, incident.teamId, rule, 'LEAD');
  await house.visit(async (ctx) => await closeAfterReview(ctx, await incident.now(), 'ENGI'));
  const asked: string[] = [];
  const slack: SlackApi = {
    ...quietSlack(),
    archive: (channel) => {
      asked.push(`archive ${channel}`);
      return Promise.resolve(fine);
    },
    unarchive: (channel) => {
      asked.push(`unarchive ${channel}`);
      return Promise.resolve(refused);
    },
    createChannel: (name) => {
      asked.push(`create ${name}`);
      return Promise.resolve({ ok: true, value: { channel: 'C8NEW' } });
    },
    setTopic: () => Promise.resolve(fine),
    invite: () => Promise.resolve(fine),
  };
  /** Until nothing is due. */
  const work = async (more: Partial<SlackApi> = {}) => {
    const ctx = { ...house.ctx, slack: { ...slack, ...more } };
    for (let i = 0; i < 10 && (await archiveNext(ctx)); i += 1);
    for (let i = 0; i < 10 && (await buildNextChannel(ctx)); i += 1);
  };
  const warning = async () => (await house.said(`incident:${incident.id}:archive`)).at(-1) ?? '';
  return { ...incident, asked, work, warning };
}
const step = async (house: House) => (await house.ctx.db.select().from(archivals))[0]?.step;

describe('the channel of a closed incident', () => {
  it('stays for ever where nobody asked for anything else', async ({ house }) => {
    const { work, asked } = await closed(house, undefined);
    house.later(400 * day);
    await work();
    expect(asked).toEqual([]);
  });

  it('is archived so many days after, once, with a word a day before', async ({ house }) => {
    const { work, asked, warning, now, card } = await closed(house);
    house.later(6 * day - 1);
    await work();
    expect(await warning()).toBe('');
    house.later(2);
    await work();
    expect(await warning()).toContain('Incident 1 is closed, so I archive this channel');
    expect(await warning()).toContain('[Keep it]');
    house.later(day - 2);
    await work();
    expect(asked).toEqual([]);
    house.later(3);
    await work();
    await work();
    expect(asked).toEqual([`archive ${room}`]);
    expect(await now()).toMatchObject({ channel: room, channelStep: 'archived' });
    expect(await card()).toContain(`<#${room}> (archived)`);
  });

  it('gets its whole day of warning also where nobody looked for a month', async ({ house }) => {
    const { work, asked } = await closed(house);
    house.later(40 * day);
    await work();
    house.later(day - 1);
    await work();
    expect(asked).toEqual([]);
    house.later(2);
    await work();
    expect(asked).toEqual([`archive ${room}`]);
  });

  it('is kept by whoever says so, and who presses after them reads who', async ({ house }) => {
    const { work, asked, warning, id } = await closed(house);
    house.later(6 * day + 1);
    await work();
    await keepChannel(house.ctx, id, 'PROD');
    expect(await warning()).toBe(':package: This channel stays as it is: <@PROD> keeps it.');
    await expect(keepChannel(house.ctx, id, 'ENGI')).rejects.toThrow('is kept already by <@PROD>');
    house.later(10 * day);
    await work();
    expect(asked).toEqual([]);
  });

  it('stays where the rule was taken back meanwhile', async ({ house }) => {
    const { work, asked, warning, teamId } = await closed(house);
    house.later(6 * day + 1);
    await work();
    await setArchiveRule(house.ctx, teamId, 0, 'LEAD');
    house.later(2 * day);
    await work();
    expect(asked).toEqual([]);
    expect(await warning()).toContain('channels are no longer archived here');
  });

  it('an answer that got lost is asked for again, and a refusal is said', async ({ house }) => {
    const { work, warning } = await closed(house);
    house.later(6 * day + 1);
    await work();
    house.later(day + 1);
    await work({ archive: () => Promise.resolve({ ok: false, why: 'unclear', detail: 'no answer' }) });
    expect(await step(house)).toBe('warned');
    house.later(1);
    await work({ archive: () => Promise.resolve({ ok: false, why: 'refused', code: 'restricted_action' }) });
    expect(await step(house)).toBe('refused');
    expect(await warning()).toContain('I could not archive this channel (Slack says `restricted_action`)');
  });

  it('cannot be kept while Slack is being asked', async ({ house }) => {
    const { work, id } = await closed(house);
    house.later(6 * day + 1);
    await work();
    house.later(day + 1);
    let problem = '';
    await work({
      archive: async () => {
        await keepChannel(house.ctx, id, 'PROD').catch((error: unknown) => (problem = String(error)));
        return fine;
      },
    });
    expect(problem).toContain('is being archived at this moment');
  });
});

describe('an incident that is opened again', () => {
  it('before its channel is archived keeps it, and the warning says so', async ({ house }) => {
    const { work, asked, warning, id } = await closed(house);
    house.later(6 * day + 1);
    await work();
    await reopen(house.ctx, id, 'It came back this morning', 'OLGA');
    house.later(10 * day);
    await work();
    expect(asked).toEqual([]);
    expect(await warning()).toContain('the incident was opened again');
  });

  it('gets its channel back where Slack allows it', async ({ house }) => {
    const { work, now, id } = await closed(house);
    house.later(6 * day + 1);
    await work();
    house.later(day + 1);
    await work();
    await reopen(house.ctx, id, 'It came back this morning', 'OLGA');
    expect(await now()).toMatchObject({ channelStep: 'restoring' });
    await work({ unarchive: () => Promise.resolve(fine) });
    expect(await now()).toMatchObject({ channel: room, channelStep: 'ready' });
  });

  it('goes on in a new channel where Slack does not, says so, and leaves the old card where it is', async ({
    house,
  }) => {
    const { work, now, id, asked } = await closed(house);
    house.later(6 * day + 1);
    await work();
    await house.ctx.db
      .update(messages)
      .set({ postedIn: room, ts: '1.1', state: 'done' })
      .where(eq(messages.channel, room));
    house.later(day + 1);
    await work();
    await reopen(house.ctx, id, 'It came back this morning', 'OLGA');
    await work();
    expect(asked).toEqual([`archive ${room}`, `unarchive ${room}`, 'create inc-1-churn-model']);
    expect(await now()).toMatchObject({ channel: 'C8NEW', channelStep: 'ready', isPinned: false });
    const rows = await house.ctx.db.select().from(messages);
    const moved = rows.find(({ key }) => key.includes(':moved:'));
    expect(moved).toMatchObject({ channel: 'C1' });
    expect(moved?.wanted.text).toContain(`Slack does not let me unarchive its old channel <#${room}>`);
    expect(rows.find(({ key }) => key === `incident:${id}:room`)).toMatchObject({ channel: 'C8NEW', state: 'ready' });
  });

  it('while Slack is archiving its channel has it opened again', async ({ house }) => {
    const { work, now, id } = await closed(house);
    house.later(6 * day + 1);
    await work();
    house.later(day + 1);
    await work({
      archive: async () => {
        await reopen(house.ctx, id, 'It came back this morning', 'OLGA');
        return fine;
      },
      unarchive: () => Promise.resolve(fine),
    });
    expect(await now()).toMatchObject({ state: 'active', channel: room, channelStep: 'ready' });
  });

  it('where it is private goes on among its own people only', async ({ house }) => {
    const { work, id } = await closed(house, 7, ['OLGA']);
    await expect(keepChannel(house.ctx, id, 'PROD')).rejects.toThrow('That incident is gone.');
    house.later(6 * day + 1);
    await work();
    house.later(day + 1);
    await work();
    await reopen(house.ctx, id, 'It came back this morning', 'OLGA');
    let isPrivate: boolean | undefined;
    await work({
      createChannel: (_name, look) => {
        isPrivate = look.isPrivate;
        return Promise.resolve({ ok: true, value: { channel: 'C8NEW' } });
      },
    });
    expect(isPrivate).toBe(true);
    const rows = await house.ctx.db.select().from(messages);
    expect(
      rows
        .filter(({ key }) => key.includes(':moved:'))
        .map(({ channel }) => channel)
        .toSorted(),
    ).toEqual(['ENGI', 'OLGA']);
    expect(rows.map(({ channel }) => channel)).not.toContain('C1');
  });
});

it('a team goes before the workspace, and only who leads a team speaks for all', async ({ house }) => {
  const rules = [
    { scope: everywhere, days: 30 },
    { scope: 'team', days: 0 },
  ];
  expect([daysFor(rules, 'team'), daysFor(rules, 'other'), daysFor([], 'team')]).toEqual([undefined, 30, undefined]);
  const { teamId } = await house.team();
  await expect(setArchiveRule(house.ctx, everywhere, 7, 'ENGI')).rejects.toThrow('Only who leads a team');
  await setArchiveRule(house.ctx, everywhere, 7, 'LEAD');
  await setArchiveRule(house.ctx, teamId, 3, 'ENGI');
  await setArchiveRule(house.ctx, teamId, undefined, 'ENGI');
});
