import { describe, expect } from 'vitest';
import { actions } from '../../../src/actions.ts';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { update } from '../../../src/features/incidents/news/changes.ts';
import { curate } from '../../../src/features/incidents/timeline/curating/changes.ts';
import { timelineOf } from '../../../src/features/incidents/timeline/queries.ts';
import { writePage } from '../../../src/features/postmortems/writing/changes.ts';
import { postmortemWriting } from '../../../src/features/postmortems/writing/doors.ts';
import { pageForms } from '../../../src/features/postmortems/writing/forms.ts';
import { movesUntil, postmortemById, sectionsOf } from '../../../src/features/postmortems/queries.ts';
import { fileOf } from '../../../src/features/postmortem-library/document.ts';
import { sourceOf } from '../../../src/features/postmortem-library/queries.ts';
import { aliasMoved } from '../../../src/features/releases/store.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { type House, it } from '../../support/house.ts';

async function started(house: House) {
  const { model } = await house.team();
  const about = { title: 'Scores are off', summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
  const { incident } = await declare(house.ctx, { ...about, modelId: model.id, onset: house.now() }, 'OLGA');
  const told = { conditions: 'A fifth of all calls goes to the wrong people.', actions: '', needs: '' };
  await update(house.ctx, incident.id, told, 'OLGA');
  const over = await resolve(house.ctx, incident.id, 'The feed was put right.', '', 'OLGA');
  const { id } = await start(house.ctx, incident.id, 'OLGA');
  const open = async (page: string) => JSON.stringify(await openPage(house, id, page));
  return { id, incident: over, open };
}

async function openPage(house: House, postmortemId: string, page: string) {
  const door = postmortemWriting.actions?.find((each) => each.id === actions.writePostmortem.id);
  return await door?.handle(house.ctx, { id: 'OLGA' }, { postmortemId, page });
}

describe('a draft', () => {
  it('begins with what everybody was told last', async ({ house }) => {
    const { id } = await started(house);
    expect((await sectionsOf(house.ctx, id)).summary).toBe('A fifth of all calls goes to the wrong people.');
  });
});

describe('a number of a post-mortem', () => {
  const typed = (value: string) => ({
    private_metadata: JSON.stringify({ postmortemId: '6f2f9c3e-3c55-4d0c-8d3f-0a9f5f0a7f11', revisions: {} }),
    state: { values: { slice_share: { slice_share: { value } } } },
  });

  it('is one, within its range, or left open', () => {
    expect(pageForms.model.read(typed('12.5')).values.slice_share).toBe('12.5');
    expect(pageForms.model.read(typed('')).values.slice_share).toBe('');
    expect(() => pageForms.model.read(typed('a lot'))).toThrow('has to be a number');
    expect(() => pageForms.model.read(typed('101'))).toThrow('has to be 100 or less');
    expect(() => pageForms.model.read(typed('-1'))).toThrow('has to be 0 or more');
  });

  it('of two who answer at once the later stands', async ({ house }) => {
    const { id } = await started(house);
    for (const [text, by] of [
      ['40', 'OLGA'],
      ['400', 'DEPU'],
    ] as const)
      await writePage(house.ctx, id, [{ section: 'affected', revision: 0, text }], by);
    expect((await sectionsOf(house.ctx, id)).affected).toBe('400');
    expect((await house.said(`postmortem:${id}`)).join()).toContain('*How many people or requests*: 400');
  });
});

describe('where sense is asked for', () => {
  it('the decisions of the timeline stand above it, with what to ask of them', async ({ house }) => {
    const { incident, open } = await started(house);
    expect(await open('detection')).not.toContain('Decisions in the timeline');
    const line = (await timelineOf(house.ctx, incident, house.now())).find(({ what }) => what === 'incident.resolved');
    const how = { isHidden: false, title: 'waited for the vendor', at: null, tag: 'decision' } as const;
    await curate(house.ctx, incident.id, line?.line ?? '', how, 'OLGA');
    expect(await open('detection')).toContain('*Decisions in the timeline.* Which other ways were there');
    expect(await open('detection')).toContain('waited for the vendor');
    expect(await open('story')).not.toContain('waited for the vendor');
    await curate(house.ctx, incident.id, line?.line ?? '', { ...how, isHidden: true }, 'OLGA');
    expect(await open('detection')).not.toContain('waited for the vendor');
  });
});

describe('what set it off', () => {
  const move = (house: House, modelId: string, version: string) =>
    aliasMoved(house.ctx, { modelId, environment: 'production', version, who: 'OLGA', why: 'release' });

  it('may name a move of the registry in the week before it began, the last first, and no person', async ({
    house,
  }) => {
    const { model } = await house.team();
    house.later(8 * 24 * 60);
    for (const version of ['15', '16']) {
      house.later(60);
      await move(house, model.id, version);
    }
    house.later(60);
    const onset = house.now();
    house.later(60);
    await move(house, model.id, '13');
    const about = { title: 'Scores are off', summary: '', version: '16', evidence: '', severity: 'sev2' } as const;
    const { incident } = await declare(house.ctx, { ...about, modelId: model.id, onset }, 'OLGA');
    await resolve(house.ctx, incident.id, 'The feed was put right.', '', 'OLGA');
    const { id } = await start(house.ctx, incident.id, 'OLGA');
    const offered = await movesUntil(house.ctx, await postmortemById(house.ctx, id, 'OLGA'));
    expect(offered).toEqual([
      '2026-03-10 11:00 UTC, production: version 15 to 16 (release)',
      '2026-03-10 10:00 UTC, production: version 14 to 15 (release)',
    ]);
    expect(offered.join()).not.toContain('OLGA');
    await writePage(house.ctx, id, [{ section: 'trigger_move', revision: 0, text: offered[0] ?? '' }], 'OLGA');
    expect((await house.said(`postmortem:${id}`)).join()).toContain(
      '*Which move in the registry it came from*: 2026-03-10 11:00 UTC, production: version 15 to 16 (release)',
    );
    expect(fileOf(await sourceOf(house.ctx, incident.id, 'OLGA'), 'named').text).toContain(
      `## Which move in the registry it came from\n\n${offered[0]}`,
    );
    const form = JSON.stringify(await openPage(house, id, 'detection'));
    expect(form).toContain(`"initial_option":{"text":{"type":"plain_text","text":"${offered[0]}"`);
    expect(form).toContain('None of these');
  });

  it('may be none of them: that is as good as left open', () => {
    const typed = (value: string) => ({
      private_metadata: JSON.stringify({ postmortemId: '6f2f9c3e-3c55-4d0c-8d3f-0a9f5f0a7f11', revisions: {} }),
      state: {
        values: { trigger_move: { trigger_move: { type: 'static_select', selected_option: { value } } } },
      },
    });
    expect(pageForms.detection.read(typed('none')).values.trigger_move).toBe('');
    expect(pageForms.detection.read(typed('version 15 to 16')).values.trigger_move).toBe('version 15 to 16');
  });
});
