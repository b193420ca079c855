import { describe, expect } from 'vitest';
import { assign } from '../../../src/features/duties/changes.ts';
import type { BlockerInput } from '../../../src/features/blockers/raising/changes.ts';
import { answerBlocker, askAboutBlocker } from '../../../src/features/blockers/questions/changes.ts';
import { closeBlocker, reopenBlocker, withdrawBlocker } from '../../../src/features/blockers/closing/changes.ts';
import { giveBackBlocker, keepBlocker, takeBlocker } from '../../../src/features/blockers/taking/changes.ts';
import { passBlocker } from '../../../src/features/blockers/passing/changes.ts';
import { needOf } from '../../../src/features/blockers/needs.ts';
import { blockersWaitingFor, openBlockersBy, openBlockersOf } from '../../../src/features/blockers/listing/queries.ts';
import { blockerLine } from '../../../src/features/blockers/listing/views.ts';
import { homeOf } from '../../../src/features/home/doors.ts';
import { keepPerson } from '../../../src/features/teams/store.ts';
import { setAway } from '../../../src/features/teams/away/changes.ts';
import { it } from '../../support/house.ts';
import { asked, dataTeam, join, later, ledger, live, now, raise } from './support.ts';

describe('what is needed finds who has it', () => {
  it('a role that is needed is asked, and takes it; the asker sees the same card', async ({ house }) => {
    const { model, teamId } = await house.team();
    const blocker = await raise(house, 'role:ops', { modelId: model.id });
    expect(blocker.askedId).toBe('ENGI');
    expect(await house.said(`blocker:${blocker.id}:to:ENGI`)).toEqual([
      expect.stringContaining('[Take it] [Not us] [Need more]'),
    ]);
    await house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENGI'));
    for (const who of ['ENGI', 'OLGA'])
      expect((await house.said(`blocker:${blocker.id}:to:${who}`)).join()).toContain('<@ENGI> is on it since');
    expect(await house.said(`blocker:${blocker.id}:taken`)).toEqual([
      ':raised_hands: <@ENGI> took *blocker 1*: The feed is late.',
    ]);
    const [open] = await openBlockersOf(house.ctx, [teamId]);
    expect(open).toMatchObject({ id: blocker.id, takenBy: 'ENGI', raisedBy: 'OLGA', modelId: model.id });
    expect(open && blockerLine(open, house.now()).mrkdwn).toBe(
      ':no_entry: stopped for 0 h, on churn-model: *1* The feed is late – Retention needs somebody for DevOps and infrastructure; somebody is on it.',
    );
    expect(await openBlockersBy(house.ctx, ['OLGA'])).toEqual([open]);
    expect(await ledger(house)).toEqual(['raised OLGA', 'asked pitcrew', 'taken ENGI']);
  });

  it('whoever is named for the duty comes before whoever has the role', async ({ house }) => {
    const { model, teamId } = await house.team();
    await join(house, teamId, 'NAMED', ['ops']);
    await house.visit((ctx) => assign(ctx, { teamId, modelId: model.id }, 'deploy.infra', ['NAMED'], 'LEAD'));
    expect((await raise(house, 'duty:deploy.infra', { modelId: model.id })).askedId).toBe('NAMED');
    expect((await raise(house, 'role:ops', { modelId: model.id })).askedId).toBe('NAMED');
    expect((await raise(house, 'role:ops')).askedId).toBe('ENGI');
  });

  it('a decision is the owner’s, or without a model the lead’s; a person is that person', async ({ house }) => {
    const { model } = await house.team();
    expect((await raise(house, 'decision', { modelId: model.id }, 'ENGI')).askedId).toBe('OLGA');
    expect((await raise(house, 'decision', {}, 'ENGI')).askedId).toBe('LEAD');
    expect((await raise(house, 'person:PROD', {}, 'ENGI')).askedId).toBe('PROD');
  });

  it('who has to decide alone is not asked by themselves: the deputy is', async ({ house }) => {
    const { model } = await house.team();
    expect((await raise(house, 'decision', { modelId: model.id }, 'OLGA')).askedId).toBe('DEPU');
  });

  it('where another team has it, its channel reads what is needed, and nobody’s name', async ({ house }) => {
    await house.team();
    await dataTeam(house);
    const blocker = await raise(house, 'role:de');
    expect(blocker.askedId).toBe('DANA');
    const said = await house.said(`blocker:${blocker.id}:in:`);
    expect(said).toEqual([expect.stringContaining('Somebody of *Retention* needs a data engineer of Data platform')]);
    const everything = async () =>
      [...(await house.said(`blocker:${blocker.id}:in:`)), ...(await house.heard(`blocker:${blocker.id}:in:`))].join();
    expect(await everything()).not.toMatch(/<@/);
    await house.visit((ctx) => askAboutBlocker(ctx, blocker.id, 'Which of the feeds?', 'DORA'));
    await house.visit((ctx) => takeBlocker(ctx, blocker.id, 'DORA'));
    expect(await everything()).toContain('Somebody is on it');
    await house.visit((ctx) => closeBlocker(ctx, blocker.id, 'A new key', 'DORA'));
    expect(await everything()).toContain('Solved');
    expect(await everything()).not.toMatch(/<@|Olga|DORA|DANA/);
  });

  it('guests, people of elsewhere and those who are gone are never asked', async ({ house }) => {
    const { model } = await house.team();
    for (const standing of ['guest', 'foreign', 'deactivated'] as const) {
      await house.standing('ENGI', standing);
      const { askedId } = await raise(house, 'role:ops', { modelId: model.id, what: standing });
      expect([standing, askedId]).toEqual([standing, 'DEPU']);
      await expect(raise(house, 'person:ENGI', {}, 'OLGA')).rejects.toThrow('is no member of this workspace');
    }
  });

  it('whoever is away today is passed over, in their own zone', async ({ house }) => {
    const { model, teamId } = await house.team();
    await join(house, teamId, 'FARO', ['ops'], 'Pacific/Auckland');
    await house.visit((ctx) => setAway(ctx, 'ENGI', '2026-03-02', '2026-03-02', ''));
    expect((await raise(house, 'role:ops', { modelId: model.id })).askedId).toBe('FARO');
  });

  it('is raised once for each origin, also inside another verb', async ({ house }) => {
    const { teamId } = await house.team();
    const origin = 'standup:r:2026-03-02:OLGA:1';
    const [first, second] = [await raise(house, 'role:ops', { origin }), await raise(house, 'role:ops', { origin })];
    expect(second.id).toBe(first.id);
    expect(await openBlockersOf(house.ctx, [teamId])).toHaveLength(1);
    const elsewhere = await openBlockersOf(house.elsewhere('T2'), [teamId]);
    expect(elsewhere).toEqual([]);
  });

  const refused: readonly [string, Partial<BlockerInput>, string][] = [
    ['no words', { what: ' ' }, 'what'],
    ['too many words', { what: 'x'.repeat(501) }, 'what'],
    ['a future', { since: new Date('2026-03-03T09:00:00Z') }, 'since'],
    ['a past too far', { since: new Date('2024-03-03T09:00:00Z') }, 'since'],
    ['the asker', { need: { kind: 'person', person: 'OLGA' } }, 'person'],
    ['somebody unknown', { need: { kind: 'person', person: 'UNKNOWN' } }, 'person'],
  ];
  it('what cannot be is refused at its field', async ({ house }) => {
    await house.team();
    for (const [, more, field] of refused)
      await expect(raise(house, 'role:ops', more)).rejects.toThrow(expect.objectContaining({ field }));
  });
});

describe('not us', () => {
  it('goes on to what is needed then, with the hop on the card, and never back to who said no', async ({ house }) => {
    const { model } = await house.team();
    const blocker = await raise(house, 'role:ops', { modelId: model.id });
    const passOn = { need: needOf('role:pm'), reason: 'The contract ended' };
    await house.visit((ctx) => passBlocker(ctx, blocker.id, passOn, 'ENGI'));
    expect(await now(house, blocker)).toMatchObject({ askedId: 'PROD', need: 'role:pm', toRole: 'pm', hops: 1 });
    const card = (await house.said(`blocker:${blocker.id}:to:PROD`)).join();
    expect(card).toContain('needs a product manager: The contract ended.');
    await house.visit((ctx) => passBlocker(ctx, blocker.id, { need: needOf('role:ops'), reason: '' }, 'PROD'));
    expect(await now(house, blocker)).toMatchObject({ askedId: 'DEPU', step: 'deputy' });
    await expect(
      house.visit((ctx) => passBlocker(ctx, blocker.id, { need: needOf('person:ENGI'), reason: '' }, 'DEPU')),
    ).rejects.toThrow('They said already that it is not theirs');
  });

  it('without knowing who, the lead is asked; where nobody is left, the asker hears of it once', async ({ house }) => {
    await house.team();
    const blocker = await raise(house, 'role:ops');
    const unknown = { need: undefined, reason: '' };
    await house.visit((ctx) => passBlocker(ctx, blocker.id, unknown, 'ENGI'));
    expect(await now(house, blocker)).toMatchObject({ askedId: 'LEAD', step: 'lead' });
    await house.visit((ctx) => passBlocker(ctx, blocker.id, unknown, 'LEAD'));
    expect(await now(house, blocker)).toMatchObject({ askedId: null, step: 'nobody' });
    await live(house, 24 * 7);
    expect(await house.said(`blocker:${blocker.id}:nobody`)).toEqual([
      expect.stringContaining('Nobody is left to ask about *blocker 1*'),
    ]);
    await house.visit((ctx) => passBlocker(ctx, blocker.id, { need: needOf('role:pm'), reason: '' }, 'OLGA'));
    expect(await now(house, blocker)).toMatchObject({ askedId: 'PROD', step: 'holder' });
  });

  it('leaves the channel of a team that has it no longer', async ({ house }) => {
    await house.team();
    await dataTeam(house);
    const blocker = await raise(house, 'role:de');
    await house.visit((ctx) => passBlocker(ctx, blocker.id, { need: needOf('person:ENGI'), reason: '' }, 'DANA'));
    expect(await house.said(`blocker:${blocker.id}:in:`)).toEqual([
      ':arrow_right: Blocker 1 went on to somebody else. Nothing to do here.',
    ]);
  });

  it('is for those who were asked or work there', async ({ house }) => {
    await house.team();
    await keepPerson(house.ctx, { id: 'OTHER', name: 'Other', zone: 'UTC', standing: 'member' });
    const blocker = await raise(house, 'role:ops');
    for (const deed of [
      house.visit((ctx) => passBlocker(ctx, blocker.id, { need: undefined, reason: '' }, 'OTHER')),
      house.visit((ctx) => takeBlocker(ctx, blocker.id, 'OTHER')),
      house.visit((ctx) => askAboutBlocker(ctx, blocker.id, 'What is it?', 'OTHER')),
    ])
      await expect(deed).rejects.toThrow('Only who was asked, and the people of Retention');
  });
});

describe('need more', () => {
  it('goes to the asker with a way to answer, and the clock stands until they do', async ({ house }) => {
    const { model } = await house.team();
    const blocker = await raise(house, 'role:ops', { modelId: model.id });
    await later(house, 3);
    await house.visit((ctx) => askAboutBlocker(ctx, blocker.id, 'Since which run?', 'ENGI'));
    const question = () => house.said(`blocker:${blocker.id}:question`);
    expect(await question()).toEqual([expect.stringMatching(/Since which run\?\n\[Answer\]/)]);
    expect(await blockersWaitingFor(house.ctx, 'ENGI')).toEqual([]);
    expect(await blockersWaitingFor(house.ctx, 'OLGA')).toMatchObject([{ id: blocker.id, asking: 1 }]);
    await expect(house.visit((ctx) => askAboutBlocker(ctx, blocker.id, 'And why?', 'ENGI'))).rejects.toThrow(
      'A question is open already',
    );
    await live(house, 48);
    expect(await now(house, blocker)).toMatchObject({ askedId: 'ENGI', step: 'holder', asking: 1 });
    await house.visit((ctx) => answerBlocker(ctx, blocker.id, 1, 'The one of Sunday', 'OLGA'));
    expect(await question()).toEqual([expect.stringContaining('The one of Sunday')]);
    expect(await house.said(`blocker:${blocker.id}:answer`)).toEqual([
      expect.stringContaining('The answer: The one of Sunday\n[Take it] [Not us] [Need more]'),
    ]);
    // One hour was left of the four.
    expect((await now(house, blocker)).dueAt).toEqual(new Date('2026-03-04T13:00:00Z'));
    await expect(house.visit((ctx) => answerBlocker(ctx, blocker.id, 1, 'Again', 'OLGA'))).rejects.toThrow(
      'You answered this already',
    );
  });
});

describe('the end', () => {
  it('says what unblocked it, and tells the other side', async ({ house }) => {
    await house.team();
    const blocker = await raise(house, 'role:ops');
    await house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENGI'));
    await expect(house.visit((ctx) => closeBlocker(ctx, blocker.id, 'So it is', 'PROD'))).rejects.toThrow(
      'Who raised it or took it closes it',
    );
    await later(house, 2);
    await house.visit((ctx) => closeBlocker(ctx, blocker.id, 'The key was renewed', 'OLGA'));
    expect(await now(house, blocker)).toMatchObject({ state: 'closed', blockedMs: 2 * 3_600_000, dueAt: null });
    expect(await house.said(`blocker:${blocker.id}:ended`)).toEqual([
      ':white_check_mark: *Blocker 1* is solved, says <@OLGA>: The key was renewed. It was: The feed is late.',
    ]);
    await expect(house.visit((ctx) => closeBlocker(ctx, blocker.id, 'Once more', 'ENGI'))).rejects.toThrow(
      'Blocker 1 is solved already: <@OLGA> closed it.',
    );
  });

  it('is back within seven days, keeps its age, and comes to who had it', async ({ house }) => {
    await house.team();
    const blocker = await raise(house, 'role:ops');
    await house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENGI'));
    await later(house, 2);
    await house.visit((ctx) => closeBlocker(ctx, blocker.id, 'The key was renewed', 'ENGI'));
    await later(house, 24);
    await house.visit((ctx) => reopenBlocker(ctx, blocker.id, 'OLGA'));
    expect(await now(house, blocker)).toMatchObject({ state: 'open', askedId: 'ENGI', since: blocker.since });
    expect(await house.said(`blocker:${blocker.id}:again`)).toEqual([expect.stringContaining('is back')]);
    await house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENGI'));
    await later(house, 1);
    await house.visit((ctx) => closeBlocker(ctx, blocker.id, 'Renewed for good', 'ENGI'));
    expect((await now(house, blocker)).blockedMs).toBe(3 * 3_600_000);
    await later(house, 24 * 7 + 1);
    await expect(house.visit((ctx) => reopenBlocker(ctx, blocker.id, 'OLGA'))).rejects.toThrow('more than 7 days ago');
  });

  it('what was closed before anybody took it begins anew when it is back', async ({ house }) => {
    await house.team();
    const blocker = await raise(house, 'role:ops');
    await house.visit((ctx) => closeBlocker(ctx, blocker.id, 'It went by itself', 'OLGA'));
    await house.visit((ctx) => reopenBlocker(ctx, blocker.id, 'OLGA'));
    expect(await now(house, blocker)).toMatchObject({ state: 'open', askedId: 'ENGI', step: 'holder' });
  });

  it('is withdrawn by who raised it, and nobody is asked any more', async ({ house }) => {
    await house.team();
    const blocker = await raise(house, 'role:ops');
    await expect(house.visit((ctx) => withdrawBlocker(ctx, blocker.id, 'ENGI'))).rejects.toThrow('Only who raised it');
    await house.visit((ctx) => withdrawBlocker(ctx, blocker.id, 'OLGA'));
    await live(house, 30);
    expect(await asked(house, blocker)).toEqual(['ENGI']);
    await expect(house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENGI'))).rejects.toThrow('was withdrawn');
  });
});

describe('whoever took it', () => {
  it('is the first of two, and the second reads so', async ({ house }) => {
    const { teamId } = await house.team();
    await join(house, teamId, 'ENZA', ['ops']);
    const blocker = await raise(house, 'role:ops');
    await house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENGI'));
    await expect(house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENZA'))).rejects.toThrow(
      '<@ENGI> took blocker 1 a moment before you. Nothing to do, thank you.',
    );
    await expect(house.visit((ctx) => takeBlocker(ctx, blocker.id, 'OLGA'))).rejects.toThrow('<@ENGI> took blocker 1');
  });

  it('is not who raised it', async ({ house }) => {
    await house.team();
    const blocker = await raise(house, 'role:ops');
    await expect(house.visit((ctx) => takeBlocker(ctx, blocker.id, 'OLGA'))).rejects.toThrow('You raised it');
  });

  it('is asked after three working days, then once a working day, with one question at a time', async ({ house }) => {
    await house.team();
    const blocker = await raise(house, 'role:ops');
    await house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENGI'));
    const still = () => house.said(`blocker:${blocker.id}:still`);
    await live(house, 71);
    expect(await still()).toEqual([]);
    await live(house, 1);
    expect(await still()).toEqual([expect.stringContaining('[Done] [Still on it] [Give back]')]);
    await house.visit((ctx) => keepBlocker(ctx, blocker.id, 'ENGI'));
    expect(await still()).toEqual([expect.stringContaining('You are still on it.')]);
    await live(house, 24);
    expect(await still()).toHaveLength(2);
    // Over the weekend nobody is asked.
    await live(house, 48);
    expect(await still()).toHaveLength(2);
    await live(house, 24);
    expect((await still()).map((each) => each.includes('[Still on it]'))).toEqual([false, false, true]);
  });

  it('gives it back, and the next one is asked at once', async ({ house }) => {
    const { teamId } = await house.team();
    await join(house, teamId, 'ENZA', ['ops']);
    const blocker = await raise(house, 'role:ops');
    await house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENGI'));
    await house.visit((ctx) => giveBackBlocker(ctx, blocker.id, 'ENGI'));
    expect(await now(house, blocker)).toMatchObject({ state: 'open', askedId: 'ENZA', step: 'holder', takenBy: null });
    await expect(house.visit((ctx) => giveBackBlocker(ctx, blocker.id, 'ENGI'))).rejects.toThrow('Take it first');
  });
});

describe('the Home tab', () => {
  it('shows what waits for a person with the button that takes it, and a question to answer', async ({ house }) => {
    await house.team();
    const blocker = await raise(house, 'role:ops');
    const home = async (who: string) => JSON.stringify((await homeOf(house.ctx, { id: who })).blocks);
    expect(await home('ENGI')).toContain('Retention is stopped for 0 h. The feed is late.');
    expect(await home('ENGI')).toContain('"Take it"');
    expect(await home('PROD')).not.toContain('The feed is late');
    await house.visit((ctx) => askAboutBlocker(ctx, blocker.id, 'Which one?', 'ENGI'));
    expect(await home('OLGA')).toContain('"Answer"');
    expect(await home('ENGI')).not.toContain('The feed is late');
  });
});
