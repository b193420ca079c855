import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import type { Context } from '../../../src/context.ts';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { incidents } from '../../../src/features/incidents/schema.ts';
import { wantCanvas } from '../../../src/features/postmortem-library/canvas/changes.ts';
import { troubleOf } from '../../../src/features/postmortem-library/canvas/rules.ts';
import { writeNextCanvas } from '../../../src/features/postmortem-library/canvas/writing.ts';
import { canvasOf } from '../../../src/features/postmortem-library/document.ts';
import { sourceOf } from '../../../src/features/postmortem-library/queries.ts';
import { waivePostmortem } from '../../../src/features/postmortems/changes.ts';
import { writePage } from '../../../src/features/postmortems/writing/changes.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import type { SlackApi } from '../../../src/ports.ts';
import { type House, it, quietSlack } from '../../support/house.ts';

/** The canvases of one channel, as Slack has them; `lost`: the next making is done, and its answer is lost. */
function desk(look: { isPrivate?: boolean; foreign?: string } = {}) {
  const canvases = new Map<string, string>();
  if (look.foreign) canvases.set('F0', look.foreign);
  const calls: string[] = [];
  const state = { main: look.foreign ? 'F0' : undefined, lost: 0, refuses: undefined as string | undefined };
  const fine = { ok: true, value: {} } as const;
  const slack: SlackApi = {
    ...quietSlack(),
    canvasIn: (channel, heading) => {
      calls.push(`look in ${channel}`);
      const { main } = state;
      const mine = main !== undefined && (canvases.get(main) ?? '').startsWith(`# ${heading}`);
      return Promise.resolve({
        ok: true,
        value: { ...(main && { canvas: main }), mine, isPrivate: look.isPrivate ?? false },
      });
    },
    createCanvas: ({ channel, place, markdown }) => {
      calls.push(`make a ${place} in ${channel}`);
      if (state.refuses) return Promise.resolve({ ok: false, why: 'refused', code: state.refuses });
      const canvas = `F${canvases.size + 1}`;
      canvases.set(canvas, markdown);
      if (place === 'channel') state.main = canvas;
      if (state.lost > 0) {
        state.lost -= 1;
        return Promise.resolve({ ok: false, why: 'unclear', detail: 'the line went dead' });
      }
      return Promise.resolve({ ok: true, value: { canvas } });
    },
    writeCanvas: (canvas, markdown) => {
      calls.push(`write ${canvas}`);
      if (!canvases.has(canvas)) return Promise.resolve({ ok: false, why: 'refused', code: 'canvas_not_found' });
      canvases.set(canvas, markdown);
      return Promise.resolve(fine);
    },
  };
  return { slack, canvases, calls, state };
}

async function underReview(house: House, onlyFor?: readonly string[]) {
  const { model } = await house.team();
  const about = { title: 'Scores are off', summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
  const { incident } = await declare(house.ctx, { ...about, modelId: model.id, onset: house.now(), onlyFor }, 'OLGA');
  house.later(30);
  await resolve(house.ctx, incident.id, 'It was put right.', '', 'OLGA');
  const postmortem = await start(house.ctx, incident.id, 'OLGA');
  const room = { channel: 'C7INC', channelStep: 'ready' } as const;
  await house.ctx.db.update(incidents).set(room).where(eq(incidents.id, incident.id));
  const write = (text: string, revision: number) =>
    writePage(house.ctx, postmortem.id, [{ section: 'impact', revision, text }], 'OLGA');
  return { incident, postmortem, write };
}

async function work(ctx: Context) {
  let steps = 0;
  while (await writeNextCanvas(ctx)) steps += 1;
  return steps;
}

describe('a canvas', () => {
  it('is made in the channel of the incident, told once, and follows what is written', async ({ house }) => {
    const { incident, write } = await underReview(house);
    const { slack, canvases, calls } = desk();
    const ctx = { ...house.ctx, slack };
    await write('Forty contracts.', 0);
    expect(await work(ctx)).toBe(0);
    await wantCanvas(ctx, incident.id, 'ENGI');
    expect(await work(ctx)).toBe(1);
    expect(canvases.get('F1')).toContain('# Post-mortem of incident 1: Scores are off\n');
    expect(canvases.get('F1')).toContain('## Who and what was affected\n\nForty contracts.');
    await write('Fifty contracts.', 1);
    expect(await work(ctx)).toBe(1);
    expect(canvases.get('F1')).toContain('Fifty contracts.');
    expect(await work(ctx)).toBe(0);
    expect(calls).toEqual(['look in C7INC', 'make a channel in C7INC', 'look in C7INC', 'write F1']);
    expect((await house.said()).filter((said) => said.includes('stands in the canvas of this channel'))).toHaveLength(
      1,
    );
  });

  it('is found again after the answer was lost, and none is made beside it', async ({ house }) => {
    const { incident } = await underReview(house);
    const { slack, canvases, state } = desk();
    state.lost = 1;
    await wantCanvas(house.ctx, incident.id, 'ENGI');
    await work({ ...house.ctx, slack });
    house.later(1);
    await work({ ...house.ctx, slack });
    expect([...canvases.keys()]).toEqual(['F1']);
    expect((await house.said()).filter((said) => said.includes('stands in the canvas of this channel'))).toHaveLength(
      1,
    );
  });

  it('what is written while it is written is written again', async ({ house }) => {
    const { incident, write } = await underReview(house);
    const { slack, canvases } = desk();
    const createCanvas: SlackApi['createCanvas'] = async (to) => {
      await write('While you wrote.', 0);
      return await slack.createCanvas(to);
    };
    await wantCanvas(house.ctx, incident.id, 'ENGI');
    expect(await work({ ...house.ctx, slack: { ...slack, createCanvas } })).toBe(2);
    expect(canvases.get('F1')).toContain('While you wrote.');
  });

  it('leaves the canvas that people have in the channel alone: it becomes a tab beside it', async ({ house }) => {
    const { incident } = await underReview(house);
    const { slack, canvases, calls } = desk({ foreign: '# Our notes' });
    await wantCanvas(house.ctx, incident.id, 'ENGI');
    await work({ ...house.ctx, slack });
    expect(canvases.get('F0')).toBe('# Our notes');
    expect(calls.at(-1)).toBe('make a tab in C7INC');
  });

  it('where nobody can look whether a tab was made, it is tried once and whoever asked is told', async ({ house }) => {
    const { incident } = await underReview(house);
    const { slack, canvases, state } = desk({ foreign: '# Our notes' });
    state.lost = 1;
    await wantCanvas(house.ctx, incident.id, 'ENGI');
    await work({ ...house.ctx, slack });
    house.later(5);
    await work({ ...house.ctx, slack });
    expect(canvases.size).toBe(2);
    expect((await house.said()).join()).toContain('Slack did not say whether it made one');
  });

  it('that the plan of the workspace does not have: whoever asked hears why, and what to do', async ({ house }) => {
    const { incident } = await underReview(house);
    const { slack, state } = desk();
    state.refuses = 'free_team_canvas_tab_already_exists';
    const ctx = { ...house.ctx, slack };
    await wantCanvas(ctx, incident.id, 'ENGI');
    await work(ctx);
    const said = await house.said('postmortem:');
    expect(said.join()).toContain('Your plan of Slack has no such canvas');
    expect(said.join()).toContain('`/ml postmortem export 1` gives you the same as a file.');
    await house.visit((ctx) => wantCanvas(ctx, incident.id, 'ENGI'));
    state.refuses = undefined;
    expect(await work(ctx)).toBe(1);
    expect(['free_teams_cannot_create_standalone_canvases', 'canvas_disabled_user_team', 'x'].map(troubleOf)).toEqual([
      'plan',
      'off',
      'other',
    ]);
  });

  it('that somebody deleted is not made anew unasked', async ({ house }) => {
    const { incident, write } = await underReview(house);
    const { slack, canvases, state, calls } = desk();
    const ctx = { ...house.ctx, slack };
    await wantCanvas(ctx, incident.id, 'ENGI');
    await work(ctx);
    canvases.clear();
    state.main = undefined;
    await write('More.', 0);
    await work(ctx);
    await write('Still more.', 1);
    await work(ctx);
    expect(calls.filter((call) => call.startsWith('make'))).toHaveLength(1);
    expect((await house.said()).join()).toContain('Somebody deleted the canvas, so I leave it.');
  });

  it('of an incident without a channel, or one that needs no post-mortem, is not possible, and it says so', async ({
    house,
  }) => {
    const { incident, postmortem } = await underReview(house);
    await house.ctx.db.update(incidents).set({ channel: null }).where(eq(incidents.id, incident.id));
    await expect(house.visit((ctx) => wantCanvas(ctx, incident.id, 'ENGI'))).rejects.toThrow(
      'Incident 1 has no channel of its own yet',
    );
    await waivePostmortem(house.ctx, postmortem.id, 'We know all of it.', 'LEAD');
    await expect(house.visit((ctx) => wantCanvas(ctx, incident.id, 'ENGI'))).rejects.toThrow('needs no post-mortem');
  });
});

describe('the canvas of a private incident', () => {
  it('stands only in its private channel, and only its own people can ask for it', async ({ house }) => {
    const { incident } = await underReview(house, ['ENGI']);
    const { slack, calls } = desk({ isPrivate: true });
    const ctx = { ...house.ctx, slack };
    for (const who of ['PROD', 'LEAD', 'nobody'])
      await expect(house.visit((ctx) => wantCanvas(ctx, incident.id, who))).rejects.toThrow('That incident is gone.');
    expect(await work(ctx)).toBe(0);
    await wantCanvas(ctx, incident.id, 'ENGI');
    await work(ctx);
    expect(calls).toEqual(['look in C7INC', 'make a channel in C7INC']);
  });

  it('is not written into a channel that others can read', async ({ house }) => {
    const { incident } = await underReview(house, ['ENGI']);
    const { slack, canvases } = desk({ isPrivate: false });
    await wantCanvas(house.ctx, incident.id, 'ENGI');
    await work({ ...house.ctx, slack });
    expect(canvases.size).toBe(0);
    expect((await house.said()).join()).toContain('The incident is private, and its channel is open to others');
  });
});

it('a canvas has no front matter, keeps to headings and lists, and says how it is changed', async ({ house }) => {
  const { incident } = await underReview(house);
  const { markdown } = canvasOf(await sourceOf(house.ctx, incident.id, 'OLGA'));
  expect(markdown).not.toMatch(/^\||\n\||^---/);
  expect(markdown).toContain(
    '- SEV2; the post-mortem is still being written\n- Seen to by Olga Ivanova, due 2026-03-09',
  );
  expect(markdown).toContain('what is changed here is replaced.');
});
