import { describe, expect } from 'vitest';
import { revoke } from '../../../src/features/approvals/taking-back/changes.ts';
import { executeNext } from '../../../src/features/approvals/executor.ts';
import { retell } from '../../../src/features/approvals/store.ts';
import { handOver } from '../../../src/features/delegations/store.ts';
import { joinTeam, keepPerson, leaveTeam } from '../../../src/features/teams/store.ts';
import { messages } from '../../../src/messages/schema.ts';
import { askFor, press } from '../../support/asking.ts';
import { type House, it } from '../../support/house.ts';

async function asked(house: House, by = 'ENGI') {
  const { model, teamId } = await house.team();
  const { id } = await askFor(house.ctx, { modelId: model.id }, by);
  return { model, teamId, id };
}
const card = async (house: House) => (await house.said('rollback:'))[0] ?? '';
const heard = async (house: House) => (await house.heard('rollback:'))[0] ?? '';
const revision = async (house: House) =>
  (await house.ctx.db.select().from(messages)).find(({ key }) => key.startsWith('rollback:'))?.revision;

describe('a card that waits', () => {
  it('says aloud how many are needed, and as what', async ({ house }) => {
    const { id } = await asked(house);
    expect(await heard(house)).toContain('<@OLGA> or <@DEPU> or <@LEAD>, please approve or reject. It takes 2 people.');
    expect(await card(house)).toContain(
      [
        '*Waiting for 2 people to approve*',
        ':white_large_square: the owner or the deputy: not yet',
        ':white_large_square: one more approver: not yet',
        '*May approve*',
      ].join('\n'),
    );
    await press(house.ctx, id, 'OLGA');
    expect(await heard(house)).not.toContain('It takes');
    expect(await card(house)).toContain(
      '*Waiting for one more person to approve*\n:white_check_mark: the owner or the deputy: <@OLGA>',
    );
  });

  it('names who is asked anew once an approver left, and whose vote no longer counts', async ({ house }) => {
    const { id, teamId } = await asked(house);
    await press(house.ctx, id, 'OLGA');
    await leaveTeam(house.ctx, teamId, 'OLGA', 'LEAD');
    await retell(house.ctx);
    expect(await card(house)).toContain(':white_large_square: the owner or the deputy: not yet');
    expect(await card(house)).toContain('*May approve*\n<@DEPU> or <@LEAD>');
  });

  it('is not written again while nothing changed', async ({ house }) => {
    await asked(house);
    const before = await revision(house);
    await retell(house.ctx);
    expect(await revision(house)).toBe(before);
  });

  it('says so once nobody is left who could fill a place, until there is somebody', async ({ house }) => {
    const { teamId } = await asked(house);
    for (const who of ['OLGA', 'DEPU']) await leaveTeam(house.ctx, teamId, who, 'LEAD');
    await retell(house.ctx);
    expect(await card(house)).toContain(':warning: *Nobody is left to approve as the owner or the deputy.*');
    await joinTeam(house.ctx, teamId, 'DEPU', ['mle']);
    await retell(house.ctx);
    expect(await card(house)).not.toContain('Nobody is left');
  });
});

describe('whoever votes in the place of another', () => {
  it('stands on the card with both names, to the end', async ({ house }) => {
    const { id } = await asked(house);
    await handOver(house.ctx, { to: 'PROD', until: '2026-03-06', model: undefined }, 'OLGA');
    await press(house.ctx, id, 'PROD');
    expect(await card(house)).toContain(':white_check_mark: the owner or the deputy: <@PROD> for <@OLGA>');
    await press(house.ctx, id, 'LEAD');
    await executeNext(house.ctx);
    expect(await card(house)).toContain('approved by <@PROD> for <@OLGA> and <@LEAD>');
  });

  it('may take that approval back, of whatever team they are', async ({ house }) => {
    const { id } = await asked(house);
    await keepPerson(house.ctx, { id: 'NEWP', name: 'Noor', zone: 'UTC', standing: 'member' });
    await handOver(house.ctx, { to: 'NEWP', until: '2026-03-06', model: undefined }, 'OLGA');
    for (const voter of ['NEWP', 'LEAD']) await press(house.ctx, id, voter);
    await expect(revoke(house.ctx, id, 'STRANGER')).rejects.toThrow('Only members of the team');
    expect(await revoke(house.ctx, id, 'NEWP')).toMatchObject({ state: 'revoked', endedBy: 'NEWP' });
  });

  it('is no way for who asked to approve it after all', async ({ house }) => {
    const { id } = await asked(house, 'OLGA');
    await handOver(house.ctx, { to: 'PROD', until: '2026-03-06', model: undefined }, 'OLGA');
    await expect(press(house.ctx, id, 'PROD')).rejects.toThrow('I did not count your click');
    await handOver(house.ctx, { to: 'OLGA', until: '2026-03-06', model: undefined }, 'DEPU');
    await expect(press(house.ctx, id, 'OLGA')).rejects.toThrow('someone else has to approve it');
  });
});
