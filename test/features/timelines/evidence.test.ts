import { describe, expect } from 'vitest';
import { curate } from '../../../src/features/incidents/timeline/curating/changes.ts';
import { timelineOf } from '../../../src/features/incidents/timeline/queries.ts';
import { checkedEvidence } from '../../../src/features/incidents/timeline/rules.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { lineForm, lineModal } from '../../../src/features/timelines/forms.ts';
import { timelines } from '../../../src/features/timelines/doors.ts';
import { timelineModal } from '../../../src/features/timelines/views.ts';
import { type House, it } from '../../support/house.ts';
import { declared } from '../incidents/support.ts';

const link = 'https://charts.example/churn?at=9|10';
const wish = { isHidden: false, title: null, at: null, tag: null };

async function withLine(house: House) {
  const incident = await declared(house);
  const story = async () => await timelineOf(house.ctx, await incident.now(), house.now());
  const [first] = await story();
  return { ...incident, story, line: first?.line ?? '' };
}

describe('a line of the timeline with what shows it', () => {
  it('shows the link in the timeline and in the post-mortem, and its words stay as they were', async ({ house }) => {
    const { id, line, story, now } = await withLine(house);
    await curate(house.ctx, id, line, { ...wish, evidence: link }, 'OLGA');
    const [first, ...others] = await story();
    expect(first).toMatchObject({ evidence: link, isChanged: false });
    expect(others.every(({ evidence }) => evidence === null)).toBe(true);
    const shown = JSON.stringify(timelineModal(await now(), await story(), 0));
    expect(shown).toContain(':link: <https://charts.example/churn?at=9%7C10|What shows it>');
    await resolve(house.ctx, id, 'It passed.', '', 'OLGA');
    await start(house.ctx, id, 'OLGA');
    expect((await house.said('postmortem:')).join()).toContain(
      '(<https://charts.example/churn?at=9%7C10|what shows it>)',
    );
  });

  it('keeps the link when only its words change, and loses it when the form leaves it empty', async ({ house }) => {
    const { id, line, story } = await withLine(house);
    await curate(house.ctx, id, line, { ...wish, evidence: link }, 'OLGA');
    await curate(house.ctx, id, line, { ...wish, title: 'It began' }, 'OLGA');
    expect((await story())[0]).toMatchObject({ text: 'It began', evidence: link });
    await curate(house.ctx, id, line, { ...wish, evidence: null }, 'OLGA');
    expect((await story())[0]?.evidence).toBeNull();
  });

  it('is asked for in the form, which starts from what stands', async ({ house }) => {
    const { id, line, story, now } = await withLine(house);
    await curate(house.ctx, id, line, { ...wish, evidence: link }, 'OLGA');
    const [first] = await story();
    if (!first) expect.unreachable('it has a line');
    const view = lineModal(await now(), 0, first);
    expect(JSON.stringify(view)).toContain(`"initial_value":"${link}"`);
    const door = timelines.forms?.find((each) => each.id === lineForm.id);
    const submit = (value: string) =>
      door?.handle(
        house.ctx,
        { id: 'OLGA' },
        {
          private_metadata: view.private_metadata ?? '',
          state: {
            values: {
              shown: { shown: { selected_option: { value: 'yes' } } },
              evidence: { evidence: { value } },
            },
          },
        },
      );
    await expect(submit('http://charts.example')).rejects.toMatchObject({ field: 'evidence' });
    await submit('https://logs.example/7');
    expect((await story())[0]?.evidence).toBe('https://logs.example/7');
  });

  it.for(['http://x.example', 'javascript:alert(1)', 'https://me:secret@x.example', 'look at the chart', 'https://'])(
    'of %s is refused by its field',
    (typed) => {
      expect(() => checkedEvidence(typed)).toThrow('Give a whole link that begins with https://');
    },
  );

  it('may be left open', () => expect([checkedEvidence(undefined), checkedEvidence('  ')]).toEqual([null, null]));
});
