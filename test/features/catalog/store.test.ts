import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import type { Described } from '../../../src/features/catalog/rules.ts';
import { accept, keep, takeCatalog } from '../../../src/features/catalog/store.ts';
import { modelNamed } from '../../../src/features/models/queries.ts';
import { proposals } from '../../../src/features/catalog/schema.ts';
import { createTeam, joinTeam, leaveTeam } from '../../../src/features/teams/store.ts';
import { type House, it } from '../../support/house.ts';

const described = (given: Partial<Described> = {}): Described => ({
  name: 'churn-model',
  description: '',
  owner: 'Retention',
  links: {},
  ...given,
});
const byMachine = { by: 'api' };
const send = (house: House, ...all: Partial<Described>[]) => takeCatalog(house.ctx, all.map(described), byMachine);

async function proposed(house: House, given: Partial<Described>) {
  const { model, teamId } = await house.team();
  await send(house, given);
  const [proposal] = await house.ctx.db.select().from(proposals).where(eq(proposals.modelId, model.id));
  return { model, teamId, id: proposal?.id ?? '' };
}
const card = async (house: House) => (await house.said('catalog:')).join('\n');

describe('a model that is new', () => {
  it('is registered for the team that the catalog names; a machine leaves it to the lead', async ({ house }) => {
    await house.team();
    const result = await send(house, { name: 'eta-model', owner: 'retention', tier: 3 });
    expect(result).toMatchObject({ taken: ['eta-model'], proposed: [], rejected: [] });
    expect(await modelNamed(house.ctx, 'eta-model')).toMatchObject({ ownerId: 'LEAD', tier: 3, channel: 'C1' });
  });

  it('belongs to whom the catalog names, if they are in the team', async ({ house }) => {
    await house.team();
    const result = await send(house, { name: 'a', ownerId: 'ENGI' }, { name: 'b', ownerId: 'NOBODY' });
    expect(result.taken).toEqual(['a']);
    expect(result.rejected).toMatchObject([{ index: 1 }]);
  });

  it.for([
    [{ name: 'x', owner: 'nobody knows' }, 'no team named "nobody knows"'],
    [{ name: 'x', owner: '' }, 'names no owner'],
    [{ name: '<!channel>' }, 'mention'],
    [{ name: '🚀' }, 'letter or a digit'],
    [{ name: 'x'.repeat(300) }, 'at most 100'],
  ] as const)('%j is refused, and the others are taken', async ([given, words], { house }) => {
    await house.team();
    const result = await send(house, given, { name: 'good' });
    expect(result.rejected[0]?.reason).toContain(words);
    expect(result.taken).toEqual(['good']);
  });

  it('is taken once, however often it stands in the file and in which case', async ({ house }) => {
    await house.team();
    const result = await send(house, { name: 'eta-model' }, { name: 'ETA-model' });
    expect(result).toMatchObject({ taken: ['eta-model'], unchanged: ['eta-model'], rejected: [] });
  });
});

describe('a model that stands here', () => {
  it('is left alone, and its owner sees both versions', async ({ house }) => {
    await proposed(house, { tier: 3, description: 'Who leaves <!channel>' });
    expect(await modelNamed(house.ctx, 'churn-model')).toMatchObject({ tier: 1, description: '' });
    expect(await card(house)).toContain('• Tier: *3* there, *1* here');
    expect(await card(house)).toContain('• What it does: *Who leaves &lt;!channel&gt;* there, *nothing* here');
    expect(await card(house)).toContain('[Accept] [Keep ours]');
  });

  it('is not asked about when the catalog says the same, or nothing', async ({ house }) => {
    await house.team();
    expect(await send(house, { tier: 1, owner: 'RETENTION' })).toMatchObject({ unchanged: ['churn-model'] });
    expect(await card(house)).toBe('');
  });

  it('changes when its owner accepts, so that an open form is told', async ({ house }) => {
    const { id, model } = await proposed(house, { tier: 3, links: { runbook: 'https://wiki.example' } });
    await accept(house.ctx, id, 'OLGA');
    const after = await modelNamed(house.ctx, 'churn-model');
    expect(after).toMatchObject({ tier: 3, links: { runbook: 'https://wiki.example' }, ownerId: 'OLGA' });
    expect(after.revision).toBe(model.revision + 1);
    expect(await card(house)).toContain('Accepted by <@OLGA>');
    await expect(keep(house.ctx, id, 'OLGA')).rejects.toThrow('accepted already');
  });

  it('stays when the owner keeps it, and the same file asks no more; another one does', async ({ house }) => {
    const { id } = await proposed(house, { tier: 3 });
    await keep(house.ctx, id, 'OLGA');
    expect(await send(house, { tier: 3 })).toMatchObject({ unchanged: ['churn-model'], proposed: [] });
    house.later(1);
    expect(await send(house, { tier: 2 })).toMatchObject({ proposed: ['churn-model'] });
    expect((await modelNamed(house.ctx, 'churn-model')).tier).toBe(1);
  });

  it('has one open proposal: the newer file takes the place of the older', async ({ house }) => {
    const { id } = await proposed(house, { tier: 3 });
    await send(house, { tier: 3 });
    await send(house, { tier: 2 });
    expect(await house.said('catalog:')).toHaveLength(1);
    expect(await card(house)).toContain('*2* there');
    await accept(house.ctx, id, 'OLGA');
    expect((await modelNamed(house.ctx, 'churn-model')).tier).toBe(2);
  });

  it.for([
    ['a deputy', 'DEPU'],
    ['a colleague', 'ENGI'],
    ['a stranger', 'WHO'],
  ])('%s decides nothing', async ([, who = ''], { house }) => {
    const { id } = await proposed(house, { tier: 3 });
    await expect(accept(house.ctx, id, who)).rejects.toThrow('Only the owner of churn-model');
    expect((await modelNamed(house.ctx, 'churn-model')).tier).toBe(1);
  });

  it.for(['guest', 'foreign', 'bot', 'deactivated'] as const)(
    'an owner who is now %s decides nothing',
    async (standing, { house }) => {
      const { id } = await proposed(house, { tier: 3 });
      await house.standing('OLGA', standing);
      await expect(accept(house.ctx, id, 'OLGA')).rejects.toThrow('Only the owner of churn-model');
    },
  );

  it('without an owner is put before the lead', async ({ house }) => {
    const { teamId } = await house.team();
    await leaveTeam(house.ctx, teamId, 'OLGA', 'OLGA');
    await send(house, { tier: 3 });
    const [proposal] = await house.ctx.db.select().from(proposals);
    expect(proposal?.askedId).toBe('LEAD');
    await expect(accept(house.ctx, proposal?.id ?? '', 'OLGA')).rejects.toThrow('Only the owner');
    await accept(house.ctx, proposal?.id ?? '', 'LEAD');
    expect((await modelNamed(house.ctx, 'churn-model')).tier).toBe(3);
  });

  it('moves to another team only if its owner and deputy are in it', async ({ house }) => {
    const { model } = await house.team();
    const other = await createTeam(house.ctx, { name: 'Pricing', channel: 'C2', leadId: 'LEAD', zone: 'UTC' }, 'LEAD');
    await send(house, { owner: 'pricing' });
    const [proposal] = await house.ctx.db.select().from(proposals);
    expect(await card(house)).toContain('• Team: *Pricing* there, *Retention* here');
    await expect(accept(house.ctx, proposal?.id ?? '', 'OLGA')).rejects.toThrow('is not in Pricing');
    for (const id of ['OLGA', 'DEPU']) await joinTeam(house.ctx, other.id, id, ['ds']);
    await accept(house.ctx, proposal?.id ?? '', 'OLGA');
    expect(await modelNamed(house.ctx, 'churn-model')).toMatchObject({ id: model.id, teamId: other.id });
  });

  it('is not touched by what another workspace proposes', async ({ house }) => {
    const { id } = await proposed(house, { tier: 3 });
    await expect(accept(house.elsewhere('T2'), id, 'OLGA')).rejects.toThrow('gone');
  });
});
