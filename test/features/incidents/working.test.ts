import { describe, expect } from 'vitest';
import { correctTimes } from '../../../src/features/incidents/times/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { takeIncidents } from '../../../src/features/incidents/intake.ts';
import { detectionRange, disorder, readTime } from '../../../src/features/incidents/milestones.ts';
import { askNext, update } from '../../../src/features/incidents/news/changes.ts';
import { openIncidents } from '../../../src/features/incidents/queries.ts';
import { answerOffer, offerRole, takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { type House, it } from '../../support/house.ts';
import { declared } from './support.ts';

const news = {
  conditions: 'Scores of new customers are wrong.',
  actions: 'Enzo rolls back.',
  needs: 'A list from sales.',
};
const asks = async (house: House) => {
  while (await askNext(house.ctx));
  return (await house.said('incident:')).filter((text) => text.startsWith(':hourglass_flowing_sand:'));
};

describe('who does what', () => {
  it('command is taken once; it is handed on only with a yes', async ({ house }) => {
    const { id, card, times } = await declared(house);
    house.later(3);
    await takeCommand(house.ctx, id, 'OLGA');
    expect((await times()).acknowledged).toEqual(house.now());
    await expect(takeCommand(house.ctx, id, 'OLGA')).rejects.toThrow('You already lead incident 1.');
    await expect(takeCommand(house.ctx, id, 'DEPU')).rejects.toThrow('<@OLGA> leads incident 1. Ask them to press');
    await offerRole(house.ctx, id, 'commander', 'DEPU', 'OLGA');
    expect(await card()).toContain('*Commander*\n<@OLGA> (<@DEPU> is asked)');
    expect((await house.said(`incident:${id}:offer`)).join()).toContain('[Accept] [Decline]');
    await expect(answerOffer(house.ctx, id, 'commander', true, 'ENGI')).rejects.toThrow('no longer offered to you');
    await answerOffer(house.ctx, id, 'commander', true, 'DEPU');
    expect(await card()).toContain('*Commander*\n<@DEPU>');
    expect((await house.said(`incident:${id}:offer`)).join()).toContain('You are commander of incident 1');
    await expect(answerOffer(house.ctx, id, 'commander', true, 'DEPU')).rejects.toThrow('no longer offered to you');
  });

  it('who declines leaves it where it was', async ({ house }) => {
    const { id, card } = await declared(house);
    await takeCommand(house.ctx, id, 'OLGA');
    await offerRole(house.ctx, id, 'scribe', 'ENGI', 'OLGA');
    await answerOffer(house.ctx, id, 'scribe', false, 'ENGI');
    expect(await card()).not.toContain('Scribe');
    expect(await card()).toContain('*Commander*\n<@OLGA>');
    await offerRole(house.ctx, id, 'scribe', 'PROD', 'PROD');
    expect(await card()).toContain('*Scribe*\n<@PROD>');
  });

  it('somebody steps in after an hour without a word of the commander', async ({ house }) => {
    const { id, card } = await declared(house);
    await takeCommand(house.ctx, id, 'OLGA');
    house.later(50);
    await update(house.ctx, id, news, 'OLGA');
    house.later(59);
    await expect(takeCommand(house.ctx, id, 'DEPU')).rejects.toThrow('<@OLGA> leads');
    house.later(1);
    await takeCommand(house.ctx, id, 'DEPU');
    expect(await card()).toContain('*Commander*\n<@DEPU>');
  });

  it('nothing is offered to guests, nor in an incident that is over', async ({ house }) => {
    const { id } = await declared(house);
    await house.standing('PROD', 'guest');
    await expect(offerRole(house.ctx, id, 'scribe', 'PROD', 'OLGA')).rejects.toThrow('Choose a full member');
    await resolve(house.ctx, id, 'over', '', 'OLGA');
    await expect(offerRole(house.ctx, id, 'scribe', 'DEPU', 'OLGA')).rejects.toThrow('already resolved');
  });
});

describe('news', () => {
  it('stand on the card and below it, in the form of how it is, what is done, what is needed', async ({ house }) => {
    const { id, card } = await declared(house);
    await update(house.ctx, id, news, 'OLGA');
    await update(house.ctx, id, { ...news, conditions: 'It is going down.', needs: '' }, 'OLGA');
    expect(await card()).toContain('*Update 2*');
    expect(await card()).toContain('It is going down.');
    const said = await house.said(`incident:${id}:news:1`);
    expect(said[0]).toContain('*How it is:* Scores of new customers are wrong.');
    expect(said[0]).toContain('*What is needed:* A list from sales.');
    expect((await house.heard(`incident:${id}:news:1`))[0]).toBe(
      'Update 1 of incident 1 on churn-model: Scores of new customers are wrong. Needed: A list from sales.',
    );
  });

  it('are asked for when they are due; nobody leads: somebody is asked to', async ({ house }) => {
    const { id } = await declared(house);
    house.later(9);
    expect(await asks(house)).toEqual([]);
    house.later(1);
    expect((await asks(house)).join()).toContain('<@OLGA>, nobody leads incident 1 on churn-model since');
    await takeCommand(house.ctx, id, 'DEPU');
    house.later(59);
    expect(await asks(house)).toHaveLength(1);
    house.later(1);
    expect((await asks(house)).join()).toContain('<@DEPU>, the last word on incident 1 is from');
  });

  it('missed times are asked about once, not one after the other', async ({ house }) => {
    const { id } = await declared(house);
    await takeCommand(house.ctx, id, 'OLGA');
    house.later(24 * 60);
    expect(await asks(house)).toHaveLength(1);
    expect(await askNext(house.ctx)).toBe(false);
  });

  it('nobody is asked any more once it is over', async ({ house }) => {
    const { id } = await declared(house);
    await resolve(house.ctx, id, 'over', '', 'OLGA');
    house.later(24 * 60);
    expect(await asks(house)).toEqual([]);
  });
});

describe('times', () => {
  const at = (text: string) => new Date(`2026-03-02T${text}Z`);

  it('are put right with a name, and each says what it was before', async ({ house }) => {
    const { id, times, now } = await declared(house);
    const names = ['onset_earliest', 'onset', 'onset_latest', 'detected'] as const;
    const right = { onset_earliest: at('05:00'), onset: at('06:30'), onset_latest: at('07:00'), detected: house.now() };
    await correctTimes(house.ctx, id, names, right, 'OLGA');
    expect(await times()).toMatchObject(right);
    expect((await now()).onset).toEqual(at('06:30'));
    expect((await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what === 'incident.time_corrected')).toMatchObject([
      { who: 'OLGA', summary: 'incident 1: onset earliest not known → 2026-03-02T05:00:00.000Z' },
      { summary: 'incident 1: onset 2026-03-02T08:00:00.000Z → 2026-03-02T06:30:00.000Z' },
      { summary: 'incident 1: onset latest not known → 2026-03-02T07:00:00.000Z' },
    ]);
  });

  it('that cannot be in this order are named, and nothing is put right by itself', () => {
    expect(disorder({ onset: at('08:00'), detected: at('07:00'), mitigated: at('09:00') })).toEqual([
      '"Detected" lies before "Began, best guess".',
    ]);
    expect(disorder({})).toEqual([]);
  });

  it('that say when it began at the earliest and at the latest give a range until it was noticed', () => {
    const known = { onset_earliest: at('05:00'), onset_latest: at('05:40'), detected: at('06:00') };
    expect(detectionRange(known)).toEqual([20, 60]);
    expect(detectionRange({ onset: at('05:00'), detected: at('06:00') })).toBeUndefined();
  });

  it.for([
    ['2026-03-02 14:05', undefined],
    ['2026-03-02T14:05', undefined],
    ['', undefined],
    ['yesterday', 'Write it in UTC like 2026-03-01 14:05.'],
    ['2026-13-02 14:05', 'Write it in UTC like 2026-03-01 14:05.'],
    ['2027-03-02 14:05', 'This lies in the future.'],
  ] as const)('typed as "%s" are read, or it is said how to write them', ([typed, problem]) => {
    const read = () => readTime(typed, 'onset', new Date('2026-06-01'));
    if (problem) expect(read).toThrow(problem);
    else expect(read()?.toISOString()).toBe(typed === '' ? undefined : '2026-03-02T14:05:00.000Z');
  });
});

describe('POST /api/v1/incidents', () => {
  const one = { model: 'churn-model', title: 'Latency is up', dedupe_key: 'latency' };

  it('declares what is new, adds what is known, and names the rest by its field', async ({ house }) => {
    await house.team();
    const taken = await takeIncidents(house.ctx, [
      { ...one, severity: 'sev1', by: 'pager' },
      one,
      { ...one, model: 'nobody' },
      { model: 'churn-model', title: 'x' },
      { ...one, dedupe_key: 'other', onset: '2031-01-01T00:00:00Z' },
      { ...one, severity: 'huge' },
    ]);
    expect(taken.incidents).toEqual([
      { number: 1, new: true },
      { number: 1, new: false },
    ]);
    expect(taken.rejected.map(({ index, reason }) => `${index} ${reason.split(':')[0]}`)).toEqual([
      '2 model',
      '3 dedupe_key',
      '4 onset',
      '5 severity',
    ]);
    expect(await openIncidents(house.ctx, 'PROD')).toMatchObject([
      { severity: 'sev1', declaredBy: 'pager', version: '14' },
    ]);
  });
});
