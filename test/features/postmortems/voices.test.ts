import { describe, expect } from 'vitest';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { writePage } from '../../../src/features/postmortems/writing/changes.ts';
import { withUnseen } from '../../../src/features/postmortems/draft.ts';
import { postmortemById, sectionsOf } from '../../../src/features/postmortems/queries.ts';
import { type Postmortem, postmortems } from '../../../src/features/postmortems/schema.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { hear, setAside, speak, takeOver } from '../../../src/features/postmortems/voices/changes.ts';
import { openVoices, voicesSaid } from '../../../src/features/postmortems/voices/queries.ts';
import { mayHear, mostVoices, shownOnPage } from '../../../src/features/postmortems/voices/rules.ts';
import { voices } from '../../../src/features/postmortems/voices/schema.ts';
import { voicesModal } from '../../../src/features/postmortems/voices/views.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { clip } from '../../../src/slack/limits.ts';
import { type House, it } from '../../support/house.ts';

async function started(house: House, onlyFor?: readonly string[]) {
  const { model } = await house.team();
  const about = { title: 'Scores are off', summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
  const { incident } = await declare(
    house.ctx,
    { ...about, modelId: model.id, onset: house.now(), ...(onlyFor && { onlyFor }) },
    'OLGA',
  );
  await takeCommand(house.ctx, incident.id, 'OLGA');
  await resolve(house.ctx, incident.id, 'The feed was put right.', '', 'OLGA');
  const { id } = await start(house.ctx, incident.id, 'OLGA');
  await house.ctx.db.update(postmortems).set({ facilitatorId: 'LEAD' });
  const say = (text: string, by: string, kind: 'known' | 'question' = 'known') =>
    speak(house.ctx, id, { kind, text }, by);
  const open = async () => (await openVoices(house.ctx, id)).map(({ text }) => text).toSorted();
  const card = async () => (await house.said()).find((text) => text.includes('Post-mortem – ')) ?? '';
  return { id, say, open, card };
}
const turned = async (house: House, state: Postmortem['state']) =>
  await house.ctx.db.update(postmortems).set({ state });

describe('what is said without a name', () => {
  it('comes in every half hour, as a number for everybody and as words for who runs the review', async ({ house }) => {
    const { id, say, open, card } = await started(house);
    const before = (await linesOf(house.ctx.db, 'T1')).length;
    await say('The runbook is of 2023.', 'ENGI');
    await say('Nobody dared to ask.', 'DEPU');
    expect(await linesOf(house.ctx.db, 'T1')).toHaveLength(before);
    expect([await open(), await house.said(`postmortem:${id}:voices`)]).toEqual([[], []]);
    expect(await card()).toContain('*Said without a name*: nothing so far\n[Say it without your name]');
    await hear(house.ctx);
    await hear(house.ctx);
    expect(await open()).toEqual(['Nobody dared to ask.', 'The runbook is of 2023.']);
    expect(await card()).toContain('*Said without a name*: 2 to be looked at\n');
    expect((await house.said()).join()).not.toContain('Nobody dared');
    const told = await house.heard(`postmortem:${id}:voices:LEAD`);
    expect(told).toEqual([expect.stringContaining('2 things were said without a name: please look at it.')]);
    const lines = (await linesOf(house.ctx.db, 'T1')).slice(before);
    expect(lines.map(({ who, summary }) => `${who}: ${summary}`)).toEqual([
      'pitcrew: 2 things were said without a name for the post-mortem of incident 1',
    ]);
  });

  it('keeps no time of day, and an order that nobody gave it', async ({ house }) => {
    const { id, say } = await started(house);
    const said = Array.from({ length: 12 }, (_, i) => `point ${String(i).padStart(2, '0')}`);
    for (const each of said) await say(each, 'ENGI');
    await hear(house.ctx);
    const rows = await openVoices(house.ctx, id);
    expect(Object.keys(rows[0] ?? {}).toSorted()).toEqual(
      ['day', 'id', 'kind', 'postmortemId', 'section', 'state', 'text', 'workspace'].toSorted(),
    );
    expect(new Set(rows.map(({ day }) => day))).toEqual(new Set(['2026-03-02']));
    expect(rows.map(({ text }) => text)).not.toEqual(said);
    expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).toSorted());
  });

  it('is read and sorted by who runs the review and who sees to it, and by nobody else', async ({ house }) => {
    const { id, say } = await started(house);
    await say('The runbook is of 2023.', 'ENGI');
    await hear(house.ctx);
    const [voice] = await openVoices(house.ctx, id);
    const postmortem = await postmortemById(house.ctx, id, 'OLGA');
    expect(() => mayHear(postmortem, 'ENGI')).toThrow('is read by <@LEAD>, who runs the review, and <@OLGA>');
    expect(() => mayHear(postmortem, 'OLGA')).not.toThrow();
    await expect(setAside(house.ctx, voice?.id ?? '', 'ENGI')).rejects.toThrow('is read by <@LEAD>');
    const point = { section: 'difficult', text: 'x' } as const;
    await expect(takeOver(house.ctx, voice?.id ?? '', point, 'DEPU')).rejects.toThrow('is read by <@LEAD>');
  });

  it('is taken over into a section below what stands there, or set aside, once', async ({ house }) => {
    const { id, say, card } = await started(house);
    await say('The runbook is of 2023.', 'ENGI');
    await hear(house.ctx);
    await writePage(house.ctx, id, [{ section: 'difficult', revision: 0, text: 'The pager was silent.' }], 'DEPU');
    const [first] = await openVoices(house.ctx, id);
    const point = { section: 'difficult', text: 'The runbook was of 2023.' } as const;
    await takeOver(house.ctx, first?.id ?? '', point, 'LEAD');
    expect((await sectionsOf(house.ctx, id)).difficult).toBe('The pager was silent.\nThe runbook was of 2023.');
    await expect(setAside(house.ctx, first?.id ?? '', 'OLGA')).rejects.toThrow('This was taken over already.');
    await say('Fire the vendor.', 'ENGI');
    await hear(house.ctx);
    const [second] = await openVoices(house.ctx, id);
    await setAside(house.ctx, second?.id ?? '', 'OLGA');
    expect(await card()).toContain('*Said without a name*: 1 taken over, 1 set aside');
    expect((await house.said(`postmortem:${id}:voices:LEAD`)).join()).not.toContain('[Read what was said]');
    const lines = (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what.includes('.voice_'));
    expect(lines.map(({ who, what }) => `${who} ${what}`)).toEqual([
      'LEAD postmortem.voice_taken',
      'OLGA postmortem.voice_set_aside',
    ]);
  });

  it('is taken until it is reviewed, questions until it is closed, and never without an end', async ({ house }) => {
    const { id, say } = await started(house);
    await turned(house, 'in_review');
    await say('a', 'ENGI');
    await turned(house, 'reviewed');
    await expect(say('b', 'ENGI')).rejects.toThrow('This post-mortem is reviewed. Talk to whoever sees to it.');
    await say('c', 'ENGI', 'question');
    await turned(house, 'closed');
    await expect(say('d', 'ENGI', 'question')).rejects.toThrow('This post-mortem is closed.');
    expect(await voicesSaid(house.ctx, id)).toBe(2);
    await turned(house, 'draft');
    const many = Array.from({ length: mostVoices }, () => ({
      workspace: 'T1',
      postmortemId: id,
      kind: 'known' as const,
      text: 'x',
      day: '2026-03-02',
    }));
    await house.ctx.db.insert(voices).values(many);
    await expect(say('e', 'ENGI')).rejects.toThrow('nobody could read more of it');
  });

  it('out of a private incident is said and read by its people only, elsewhere by nobody', async ({ house }) => {
    const { id, say, open } = await started(house, ['DEPU']);
    await say('Only we know.', 'DEPU');
    await expect(say('I guess', 'ENGI')).rejects.toThrow('That post-mortem is gone.');
    await hear(house.elsewhere('T2'));
    expect(await open()).toEqual([]);
    await hear(house.ctx);
    const [voice] = await openVoices(house.ctx, id);
    // Who runs it on paper, but does not belong to it.
    expect(await house.said(`postmortem:${id}:voices:LEAD`)).toEqual([]);
    expect(await house.said(`postmortem:${id}:voices:OLGA`)).toHaveLength(1);
    await expect(setAside(house.ctx, voice?.id ?? '', 'LEAD')).rejects.toThrow('That post-mortem is gone.');
    await setAside(house.ctx, voice?.id ?? '', 'OLGA');
  });

  it('is listed a page at a time, however much there is', async ({ house }) => {
    const { id, say } = await started(house);
    for (let i = 0; i < shownOnPage + 1; i += 1) await say(`point ${i}`, 'ENGI');
    await hear(house.ctx);
    const postmortem = await postmortemById(house.ctx, id, 'OLGA');
    const all = await openVoices(house.ctx, id);
    const labels = (page: number) => JSON.stringify(voicesModal(postmortem, all, page).blocks);
    expect(labels(0)).toContain('"More"');
    expect(labels(0)).not.toContain('Take over 21');
    expect(labels(9)).toContain('Take over 21');
    expect(JSON.stringify(voicesModal(postmortem, [], 0))).toContain('All of it is looked at.');
  });
});

describe('a section that is longer than a form', () => {
  const base = 'word '.repeat(800).trim();
  const shown = clip(base, 3000);

  it('loses nothing that its writer did not see', () => {
    expect(withUnseen('short', 'short', '')).toBe('');
    expect(withUnseen(base, shown, shown)).toBe(base);
    expect(withUnseen(base, shown, `First. ${shown.slice(0, 2900)}…`)).toBe(
      `First. ${shown.slice(0, 2900)}${base.slice(2999)}`,
    );
    expect(withUnseen(base, shown, 'All new.')).toBe(`All new.\n${base.slice(2999)}`);
    expect(withUnseen(base, shown, `${base}\nand more`)).toBe(`${base}\nand more`);
  });

  it('is saved as it was when nobody touched it', async ({ house }) => {
    const { id } = await started(house);
    await writePage(house.ctx, id, [{ section: 'difficult', revision: 0, text: base }], 'DEPU');
    await writePage(house.ctx, id, [{ section: 'difficult', revision: 1, text: shown }], 'ENGI');
    expect((await sectionsOf(house.ctx, id)).difficult).toBe(base);
  });
});
