import { randomBytes } from 'node:crypto';
import { describe, expect } from 'vitest';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { addFactor, writePage } from '../../../src/features/postmortems/writing/changes.ts';
import { planMeeting } from '../../../src/features/postmortems/meeting/changes.ts';
import { answerPoll, openNextPoll, tallyPolls } from '../../../src/features/postmortems/poll/changes.ts';
import { pollOf } from '../../../src/features/postmortems/poll/queries.ts';
import { markOf } from '../../../src/features/postmortems/poll/rules.ts';
import { pollAnswers } from '../../../src/features/postmortems/poll/schema.ts';
import { postmortems } from '../../../src/features/postmortems/schema.ts';
import { canvasOf, fileOf } from '../../../src/features/postmortem-library/document.ts';
import { sourceOf } from '../../../src/features/postmortem-library/queries.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { sealing } from '../../../src/lib/sealing.ts';
import { type House, it } from '../../support/house.ts';

/** A post-mortem on which three wrote and which a fourth runs, and its meeting two hours ago. */
async function met(house: House, { onlyFor, hasKey = true }: { onlyFor?: readonly string[]; hasKey?: boolean } = {}) {
  const ctx = hasKey ? { ...house.ctx, sealing: sealing([randomBytes(32)]) } : house.ctx;
  const { model } = await house.team();
  const about = { title: 'Scores are off', summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
  const { incident } = await declare(
    ctx,
    { ...about, modelId: model.id, onset: house.now(), ...(onlyFor && { onlyFor }) },
    'OLGA',
  );
  await takeCommand(ctx, incident.id, 'OLGA');
  await resolve(ctx, incident.id, 'The feed was put right.', '', 'OLGA');
  const { id } = await start(ctx, incident.id, 'OLGA');
  await ctx.db.update(postmortems).set({ facilitatorId: 'LEAD' });
  if (!onlyFor) await writePage(ctx, id, [{ section: 'impact', revision: 0, text: 'Forty calls.' }], 'ENGI');
  await addFactor(ctx, id, { category: 'data', statement: 'No check of units', evidence: '' }, 'DEPU');
  await planMeeting(ctx, id, new Date(house.now().getTime() + 24 * 3_600_000), 'OLGA');
  const soon = await openNextPoll(ctx);
  house.later(26 * 60);
  while (await openNextPoll(ctx));
  const result = async () => {
    await tallyPolls(ctx);
    return (await house.said(`postmortem:${id}:poll-result`)).join();
  };
  const answer = (by: string, isYes: boolean, question: 'learned' | 'again' = 'learned') =>
    answerPoll(ctx, id, { question, isYes }, by);
  const asked = async () => {
    const rows = await Promise.all(
      ['OLGA', 'DEPU', 'LEAD', 'ENGI', 'PROD'].map(
        async (each) => [each, await house.said(`postmortem:${id}:poll:${each}`)] as const,
      ),
    );
    return rows.filter(([, said]) => said.length > 0).map(([each]) => each);
  };
  return { ctx, id, incidentId: incident.id, soon, result, answer, asked };
}

describe('after the review meeting', () => {
  it('those who took part are asked two questions, once', async ({ house }) => {
    const { ctx, id, soon, asked } = await met(house);
    expect(soon).toBe(false);
    expect(await asked()).toEqual(['OLGA', 'DEPU', 'LEAD', 'ENGI']);
    const said = (await house.said(`postmortem:${id}:poll:ENGI`)).join();
    expect(said).toContain('*Did you learn something?*\n[Yes] [No]\n*Would you come again?*\n[Yes] [No]');
    expect(said).toContain('[Ask without your name]');
    await planMeeting(ctx, id, new Date(house.now().getTime() + 3_600_000), 'LEAD');
    house.later(3 * 60);
    const before = await pollOf(ctx, id);
    expect(await openNextPoll(ctx)).toBe(true);
    expect(await pollOf(ctx, id)).toEqual(before);
  });

  it('one answer counts for each person, the last; only numbers are shown, from three on', async ({ house }) => {
    const { result, answer } = await met(house);
    await answer('OLGA', true);
    await answer('OLGA', false);
    await answer('ENGI', true);
    await answer('ENGI', true);
    expect(await result()).toBe('');
    await answer('LEAD', true);
    expect(await result()).toContain(
      '• Did you learn something? 2 of 3 said yes\n• Would you come again? fewer than 3',
    );
    await answer('OLGA', true);
    await answer('DEPU', false);
    for (const each of ['OLGA', 'ENGI', 'LEAD']) await answer(each, false, 'again');
    const said = await result();
    expect(said).toContain('Did you learn something? 3 of 4 said yes\n• Would you come again? 0 of 3 said yes');
    expect(said).not.toMatch(/OLGA|ENGI|LEAD|DEPU/);
  });

  it('who was not asked, and who comes late, is told so', async ({ house }) => {
    const { answer, result } = await met(house);
    await expect(answer('PROD', true)).rejects.toThrow('This asks those who were in the incident or wrote about it.');
    for (const each of ['OLGA', 'ENGI', 'LEAD']) await answer(each, true);
    house.later(3 * 24 * 60);
    await expect(answer('DEPU', true)).rejects.toThrow('This is over');
    expect(await result()).toContain('*What those who took part said*');
    await expect(answer('DEPU', true)).rejects.toThrow('who answered what is forgotten');
  });

  it('with fewer than three answers nothing is ever shown but that', async ({ house }) => {
    const { answer, result } = await met(house);
    await answer('OLGA', true);
    house.later(3 * 24 * 60);
    expect(await result()).toContain('Did you learn something? fewer than 3 answered');
  });

  it('out of a private incident only its people are asked', async ({ house }) => {
    const { asked, answer } = await met(house, { onlyFor: ['DEPU'] });
    expect(await asked()).toEqual(['OLGA', 'DEPU']);
    await expect(answer('ENGI', true)).rejects.toThrow('That post-mortem is gone.');
  });

  it('without a key nobody is asked, and who sees to it hears why', async ({ house }) => {
    const { id, asked } = await met(house, { hasKey: false });
    expect(await asked()).toEqual([]);
    expect((await house.said(`postmortem:${id}:no-poll`)).join()).toContain('sets PITCREW_SECRET_KEY');
  });
});

describe('the numbers in a file', () => {
  it('are there once it is over, and only where three or more answered', async ({ house }) => {
    const { ctx, incidentId, answer, result } = await met(house);
    await house.ctx.db.update(postmortems).set({ canvasStep: 'made' });
    const files = async () => {
      const source = await sourceOf(ctx, incidentId, 'PROD');
      return [fileOf(source, 'named').text, fileOf(source, 'json').text, canvasOf(source).markdown] as const;
    };
    for (const each of ['OLGA', 'ENGI', 'LEAD']) await answer(each, each !== 'LEAD');
    for (const each of ['OLGA', 'ENGI']) await answer(each, true, 'again');
    await result();
    for (const file of await files()) expect(file).not.toMatch(/learn something|"yes"/);
    house.later(3 * 24 * 60);
    await result();
    const [markdown, json, canvas] = await files();
    const said =
      '## What those who took part said\n\n- Did you learn something? 2 of 3 said yes.\n- Would you come again? Fewer answered than can be shown without saying who.\n';
    expect(markdown).toContain(said);
    expect(canvas).toContain(said);
    expect(JSON.parse(json)).toMatchObject({
      poll: {
        answers: [
          { asked: 'Did you learn something?', said: { yes: 2, of: 3 } },
          { asked: 'Would you come again?', said: null },
        ],
      },
    });
    expect(await ctx.db.select({ step: postmortems.canvasStep }).from(postmortems)).toEqual([{ step: 'wanted' }]);
  });
});

describe('who answered what', () => {
  it('stands nowhere while it is open: marks cannot be made without the key, and two of one person differ', async ({
    house,
  }) => {
    const { ctx, id, answer } = await met(house);
    await answer('OLGA', true);
    await answer('OLGA', true, 'again');
    const rows = await ctx.db.select().from(pollAnswers);
    expect(JSON.stringify(rows)).not.toContain('OLGA');
    expect(new Set(rows.map(({ mark }) => mark)).size).toBe(2);
    const sealed = (await pollOf(ctx, id))?.salt ?? '';
    const guessed = [sealed, '', Buffer.from(id).toString('base64')].map((salt) => markOf(salt, 'learned', 'OLGA'));
    for (const mark of guessed) expect(rows.map(({ mark }) => mark)).not.toContain(mark);
    const place = ['postmortem-poll', 'T1', id];
    expect(() => sealing([randomBytes(32)]).open(sealed, place)).toThrow('a key that is not here');
    const own = markOf(ctx.sealing?.open(sealed, place) ?? '', 'learned', 'OLGA');
    expect(rows.map(({ mark }) => mark)).toContain(own);
  });

  it('is gone for good afterwards: the answers are deleted and the salt is thrown away', async ({ house }) => {
    const { ctx, id, answer, result } = await met(house);
    for (const each of ['OLGA', 'ENGI', 'LEAD']) await answer(each, each !== 'LEAD');
    house.later(3 * 24 * 60);
    await result();
    expect(await ctx.db.select().from(pollAnswers)).toEqual([]);
    expect(await pollOf(ctx, id)).toMatchObject({
      salt: null,
      counts: { learned: { yes: 2, no: 1 }, again: { yes: 0, no: 0 } },
    });
  });
});
