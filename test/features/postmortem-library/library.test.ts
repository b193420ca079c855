import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { correctTimes } from '../../../src/features/incidents/times/changes.ts';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { setMilestone } from '../../../src/features/incidents/store.ts';
import { curate } from '../../../src/features/incidents/timeline/curating/changes.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { addFactor, writePage } from '../../../src/features/postmortems/writing/changes.ts';
import { addCommitment } from '../../../src/features/postmortems/commitments/changes.ts';
import { similarTo } from '../../../src/features/postmortems/similar/queries.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { canvasOf, fileOf } from '../../../src/features/postmortem-library/document.ts';
import { search, sourceOf } from '../../../src/features/postmortem-library/queries.ts';
import { byName, letters } from '../../../src/features/postmortem-library/naming/rules.ts';
import { type Exported } from '../../../src/features/postmortem-library/rules.ts';
import { markdownOf } from '../../../src/features/postmortem-library/markdown/rules.ts';
import { searchMessage } from '../../../src/features/postmortem-library/views.ts';
import { type House, it } from '../../support/house.ts';

async function learned(house: House, model: Model, title: string, text: string, onlyFor?: readonly string[]) {
  const about = { summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
  const what = { ...about, title, modelId: model.id, onset: house.now(), onlyFor };
  const { incident } = await declare(house.ctx, what, 'OLGA');
  await takeCommand(house.ctx, incident.id, 'OLGA');
  house.later(30);
  await resolve(house.ctx, incident.id, 'It was put right.', '', 'OLGA');
  const { id } = await start(house.ctx, incident.id, 'OLGA');
  const write = (words: string, revision: number) =>
    writePage(house.ctx, id, [{ section: 'impact', revision, text: words }], 'OLGA');
  await write(text, 0);
  await addFactor(
    house.ctx,
    id,
    { category: 'data', statement: 'Units of a feed are not checked', evidence: '' },
    'ENGI',
  );
  return { incident, id, write };
}
const numbers = (found: readonly { number: number }[]) => found.map(({ number }) => number);

describe('the search', () => {
  it('finds what stands now, in any part, by words as they are bent', async ({ house }) => {
    const { model } = await house.team();
    const one = await learned(house, model, 'Scores are off', 'Forty contracts were lost.');
    await learned(house, model, 'Calls fail', 'Nobody noticed.');
    expect(numbers(await search(house.ctx, 'lose contract', 'PROD'))).toEqual([]);
    expect(numbers(await search(house.ctx, 'contract lost', 'PROD'))).toEqual([1]);
    expect(numbers(await search(house.ctx, 'checking units', 'PROD'))).toEqual([2, 1]);
    expect(numbers(await search(house.ctx, 'calls -contracts', 'PROD'))).toEqual([2]);
    await one.write('Forty deals were lost.', 1);
    expect(numbers(await search(house.ctx, 'contract', 'PROD'))).toEqual([]);
    const [found] = await search(house.ctx, 'deals', 'PROD');
    expect(found).toMatchObject({ title: 'Scores are off', model: 'churn-model', snippet: 'Forty deals were lost.' });
  });

  it('of nothing says what to try', () => {
    expect(searchMessage('tenure', []).text).toContain('No post-mortem says anything of “tenure”. Try fewer words');
  });

  it('never shows a private one to others, in no part of it', async ({ house }) => {
    const { model } = await house.team();
    const open = await learned(house, model, 'Scores are off', 'Forty contracts were lost.');
    const hidden = await learned(house, model, 'Scores by gender', 'Applicants were refused.', ['ENGI']);
    for (const who of ['PROD', 'LEAD', 'nobody']) {
      expect(numbers(await search(house.ctx, 'refused or gender or units', who))).toEqual([1]);
      expect(numbers(await similarTo(house.ctx, open.incident, who))).toEqual([]);
      await expect(sourceOf(house.ctx, hidden.incident.id, who)).rejects.toThrow('That incident is gone.');
    }
    expect(numbers(await search(house.ctx, 'gender', 'ENGI'))).toEqual([2]);
    expect(numbers(await similarTo(house.ctx, open.incident, 'ENGI'))).toEqual([2]);
    await house.standing('ENGI', 'guest');
    expect(numbers(await search(house.ctx, 'gender', 'ENGI'))).toEqual([]);
  });

  it('of another workspace is empty', async ({ house }) => {
    const { model } = await house.team();
    await learned(house, model, 'Scores are off', 'Forty contracts were lost.');
    expect(await search(house.elsewhere('T2'), 'contracts', 'OLGA')).toEqual([]);
  });
});

describe('an export', () => {
  async function full(house: House) {
    const { model } = await house.team();
    const { incident, id } = await learned(
      house,
      model,
      'Scores are off',
      'Olga Ivanova and <@ENGI> saw it; Enzo first.',
    );
    const promised = {
      text: 'Alert | on units',
      type: 'detect',
      priority: 'high',
      due: '2026-04-01',
      verification: 'a drill',
    } as const;
    await addCommitment(house.ctx, id, { ...promised, ownerId: 'ENGI' }, 'OLGA');
    return await sourceOf(house.ctx, incident.id, 'PROD');
  }

  it('as Markdown has front matter, fixed headings and every part', async ({ house }) => {
    const { name, text } = fileOf(await full(house), 'named');
    expect(name).toBe('post-mortem-1.md');
    expect(text).toMatch(
      /^---\nincident: 1\ntitle: "Scores are off"\nkind: "incident"\nseverity: "sev2"\nworst: "sev2"\n/,
    );
    expect(text).toContain('milestones:\n  onset: "2026-03-02T09:00:00.000Z"');
    expect(text).toContain('\n## Who and what was affected\n\nOlga Ivanova and @Enzo Gil saw it; Enzo first.\n');
    expect(text).toContain('- **Data**: Units of a feed are not checked');
    expect(text).toContain(
      String.raw`| 1 | Alert \| on units | detect | Enzo Gil | 2026-04-01 | Before other work | a drill | offered |`,
    );
    expect(text).toContain('2026-03-02 09:30:00 UTC – Olga Ivanova: resolved incident 1: It was put right.');
  });

  it('with roles only names nobody, and calls the same person the same all over', async ({ house }) => {
    const { name, text } = fileOf(await full(house), 'roles');
    expect(name).toBe('post-mortem-1-roles.md');
    expect(text).not.toMatch(/Olga|Enzo|Dewi|Lea|Pia|OLGA|ENGI|<@/);
    expect(text).toContain('the commander and responder A saw it; responder A first.');
    expect(text).toContain('| responder A | 2026-04-01 |');
    expect([letters(0), letters(25), letters(26), letters(52)]).toEqual(['A', 'Z', 'AA', 'BA']);
  });

  it('as JSON holds the same', async ({ house }) => {
    const source = await full(house);
    const { text } = fileOf(source, 'json');
    expect(JSON.parse(text)).toMatchObject({
      format: 1,
      incident: { number: 1 },
      commitments: [{ owner: 'Enzo Gil', priority: 'high', urgency: 'Before other work' }],
      poll: null,
    });
    expect(canvasOf(source).markdown).toContain(
      '– Enzo Gil, due 2026-04-01, before other work, offered. We will know by: a drill',
    );
  });

  it('has the links of the timeline, but for roles only none that names somebody', async ({ house }) => {
    const source = await full(house);
    const { id } = source.incident;
    const lines = source.timeline.filter(({ what }) => what.startsWith('incident.'));
    const wish = { isHidden: false, title: null, at: null, tag: null };
    const links = ['https://charts.example/churn?from=(9)', 'https://chat.example/enzo/notes'];
    for (const [i, evidence] of links.entries())
      await curate(house.ctx, id, lines[i]?.line ?? '', { ...wish, evidence }, 'OLGA');
    const now = await sourceOf(house.ctx, id, 'PROD');
    const shown = '([what shows it](https://charts.example/churn?from=%289%29))';
    expect(fileOf(now, 'named').text).toContain(shown);
    expect(fileOf(now, 'named').text).toContain('(https://chat.example/enzo/notes)');
    expect(canvasOf(now).markdown).toContain(shown);
    expect(fileOf(now, 'roles').text).toContain(shown);
    expect(fileOf(now, 'roles').text).not.toMatch(/enzo/i);
    expect(fileOf(now, 'json').text).toContain(`"evidence": "${links[0]}"`);
  });

  it('says of times that another clock told when they reached us, and of the beginning that nobody can know it', async ({
    house,
  }) => {
    const { incident } = await full(house);
    const detected = new Date(house.now().getTime() - 3_600_000);
    const of = { name: 'detected', at: detected, source: 'alert', by: 'pager', receivedAt: house.now() } as const;
    await setMilestone(house.ctx, incident, of);
    await correctTimes(house.ctx, incident.id, ['onset'], {}, 'OLGA', true);
    const now = await sourceOf(house.ctx, incident.id, 'PROD');
    const said = `- Detected: ${detected.toISOString()} by the clock of the sender; it reached us at ${house.now().toISOString()}`;
    for (const text of [fileOf(now, 'named').text, canvasOf(now).markdown]) {
      expect(text).toContain(said);
      expect(text).toContain('- Began, best guess: nobody can know it');
    }
    expect(JSON.parse(fileOf(now, 'json').text)).toMatchObject({
      received: { detected: house.now().toISOString() },
      onsetUnknown: true,
    });
  });

  it('is not broken by anything that people write', () => {
    const empty: Exported = {
      format: 1,
      incident: {
        number: 1,
        title: '',
        kind: 'incident',
        severity: 'sev2',
        worst: 'sev2',
        model: 'm',
        alsoAffected: [],
        version: null,
        state: 'closed',
      },
      state: 'closed',
      owner: 'A',
      facilitator: null,
      due: '2026-03-09T09:00:00.000Z',
      meeting: null,
      milestones: {},
      received: {},
      onsetUnknown: false,
      sections: [],
      factors: [],
      commitments: [],
      measures: [],
      rollbacks: [],
      hearers: [],
      notices: [],
      poll: null,
      similar: [],
      timeline: [],
    };
    const nasty = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'https://x.example/)](y',
        'https://x.example/>"#',
        '# x',
        '---',
        '===',
        '```',
        '| a |',
        '<b>',
        '[x]: y',
        '"\n---\n#',
      ),
    );
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 6 }), (pieces) => {
        const text = byName(new Map()).words(pieces.join('\n'));
        const section = { id: 'impact', title: 'Impact', text } as const;
        const factor = { category: 'data', where: 'Data', statement: text, evidence: '' } as const;
        const incident = { ...empty.incident, title: text };
        const at = '2026-03-02T09:00:00.000Z';
        const timeline = [text, ...pieces].map((evidence) => ({ at, who: text, text, tag: null, evidence }));
        const commitment = {
          number: 1,
          text,
          type: 'detect',
          owner: text,
          due: '2026-04-01',
          verification: text,
          state: 'open',
          priority: 'high',
          urgency: 'Before other work',
          evidence: text,
          tracker: text,
        } as const;
        const parts = { sections: [section], factors: [factor], commitments: [commitment], timeline };
        const all = markdownOf({ ...empty, incident, ...parts }, String);
        const [, front = '', ...rest] = all.split(/^---$/m);
        expect(JSON.parse(/^title: (.*)$/m.exec(front)?.[1] ?? '')).toBe(text);
        expect(rest).toHaveLength(1);
        const headings = all.split('\n').filter((line) => line.startsWith('#'));
        expect(headings.slice(1)).toEqual([
          '## Impact',
          '## Times',
          '## Contributing factors',
          '## Commitments',
          '## Similar before',
          '## Timeline',
        ]);
        expect(rest.join('')).not.toMatch(/<[a-z]/i);
      }),
    );
  });
});
