import { describe, expect } from 'vitest';
import { actions } from '../../../src/actions.ts';
import { notify } from '../../../src/features/incidents/notices/changes.ts';
import { hearing } from '../../../src/features/postmortems/hearing/doors.ts';
import { chooseHearers, tellHearers } from '../../../src/features/postmortems/hearing/changes.ts';
import { hearersForm } from '../../../src/features/postmortems/hearing/forms.ts';
import { joinTeam, keepPerson } from '../../../src/features/teams/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { messages } from '../../../src/messages/schema.ts';
import { type House, it } from '../../support/house.ts';
import { begun, pressed } from './support.ts';

const told = async (house: House) => {
  const rows = await house.ctx.db.select().from(messages);
  return rows
    .filter(({ key }) => key.includes(':hears:'))
    .map(({ channel }) => channel)
    .toSorted();
};
const nobody = { people: [], channels: [] };

describe('what was said to others', () => {
  it('stands in the files: to stakeholders as it was sent, to customers as it was written', async ({ house }) => {
    const { model } = await house.team();
    const { incidentId, write, card, file } = await begun(house, model);
    const notice = { text: 'Some offers went to the wrong people.', channel: undefined, people: ['PROD'] };
    await notify(house.ctx, incidentId, notice, 'ENGI');
    await write({ outside: 'We sent you an offer by mistake.' });
    expect(await card()).toContain('*What customers are told*\nWe sent you an offer by mistake.');
    const named = await file();
    expect(named).toContain('## What customers are told\n\nWe sent you an offer by mistake.');
    expect(named).toContain(
      '## What stakeholders were told\n\n- 2026-03-02 09:30 UTC – Enzo Gil: Some offers went to the wrong people.',
    );
    expect(await file('roles')).not.toContain('Enzo');
  });
});

describe('who has to hear that predictions were wrong', () => {
  it('is chosen in a form that begins with the stakeholders, and nobody is told by that', async ({ house }) => {
    const { model, teamId } = await house.team();
    await keepPerson(house.ctx, { id: 'STAK', name: 'Sara Stake', zone: 'UTC', standing: 'member' });
    await joinTeam(house.ctx, teamId, 'STAK', ['stk']);
    const { id, card } = await begun(house, model);
    expect(await card()).toContain('[Who has to hear]');
    expect(await card()).not.toContain('[Tell them]');
    const about = { postmortemId: id };
    const form = JSON.stringify(await pressed(house, hearing, actions.chooseHearers, about, 'DEPU'));
    expect(form).toContain('"initial_users":["STAK"]');
    const door = hearing.forms?.find((each) => each.id === hearersForm.id);
    await door?.handle(
      house.ctx,
      { id: 'DEPU' },
      {
        private_metadata: JSON.stringify(about),
        state: {
          values: {
            people: { people: { selected_users: ['STAK', 'PROD'] } },
            channels: { channels: { selected_conversations: ['C7'] } },
          },
        },
      },
    );
    expect(await card()).toContain('*Who has to hear*');
    for (const each of ['<#C7> (not told yet)', '<@PROD> (not told yet)']) expect(await card()).toContain(`• ${each}`);
    expect(await told(house)).toEqual([]);
    const again = JSON.stringify(await pressed(house, hearing, actions.chooseHearers, about));
    expect(again).toContain('"initial_conversations":["C7"]');
  });

  it('hears once, with the facts, when who sees to it presses the button', async ({ house }) => {
    const { model } = await house.team();
    const { id, write, card } = await begun(house, model);
    await write({ slice: 'customers under 30 days', corrections: 'Scores of 2 March.', reversible: 'possible' });
    const tellThem = (who: string) => pressed(house, hearing, actions.tellHearers, { postmortemId: id }, who);
    await expect(tellThem('OLGA')).rejects.toThrow('Nobody is chosen yet');
    await chooseHearers(house.ctx, id, { people: ['PROD'], channels: ['C7'] }, 'DEPU');
    await expect(tellThem('DEPU')).rejects.toThrow('<@OLGA> sees to this post-mortem, and tells them.');
    expect(await told(house)).toEqual([]);
    await tellThem('OLGA');
    expect(await told(house)).toEqual(['C7', 'PROD']);
    const [said] = await house.said(`postmortem:${id}:hears`);
    expect(said).toMatch(/\*Predictions of churn-model were wrong\* from <!date.* to <!date/);
    expect(said).toContain('*Which slice of the data*\ncustomers under 30 days');
    expect(said).toContain('*Can these decisions be taken back*\nYes, and they still have to be');
    expect(said).toContain('<@OLGA> says that you may have used them');
    expect(await card()).toContain('<@PROD> (told <!date');
    expect(await card()).not.toContain('[Tell them]');
    await expect(tellThem('OLGA')).rejects.toThrow('All of them were told already.');
    const lines = (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what === 'postmortem.hearers_told');
    expect(lines.map(({ who, summary }) => `${who} ${summary}`)).toEqual([
      'OLGA told channel C7, <@PROD> of the predictions of incident 1',
    ]);
  });

  it('who is added later is told alone; who was told stays on record', async ({ house }) => {
    const { model } = await house.team();
    const { id, write, card } = await begun(house, model);
    await chooseHearers(house.ctx, id, { ...nobody, people: ['PROD'] }, 'OLGA');
    await tellHearers(house.ctx, id, 'OLGA');
    const first = (await house.said(`postmortem:${id}:hears:PROD`)).join();
    await chooseHearers(house.ctx, id, { ...nobody, people: ['LEAD'] }, 'OLGA');
    await write({ corrections: 'Scores of 2 March.' });
    expect(await tellHearers(house.ctx, id, 'OLGA')).toBe(1);
    expect(await told(house)).toEqual(['LEAD', 'PROD']);
    expect((await house.said(`postmortem:${id}:hears:PROD`)).join()).toBe(first);
    await chooseHearers(house.ctx, id, nobody, 'OLGA');
    expect(await card()).toContain('<@PROD> (told');
    const many = Array.from({ length: 19 }, (_, at) => `U${at}`);
    await expect(chooseHearers(house.ctx, id, { ...nobody, people: many }, 'OLGA')).rejects.toMatchObject({
      field: 'people',
    });
  });

  it('stands in the files: by name, and where nobody is named as a consumer', async ({ house }) => {
    const { model } = await house.team();
    await keepPerson(house.ctx, { id: 'SARA', name: 'Sara Stake', zone: 'UTC', standing: 'member' });
    const { id, write, file } = await begun(house, model);
    await write({ corrections: 'Scores of 2 March, says Sara Stake.' });
    await chooseHearers(house.ctx, id, { people: ['SARA', 'OLGA'], channels: ['C7'] }, 'OLGA');
    await tellHearers(house.ctx, id, 'OLGA');
    house.later(1);
    await chooseHearers(house.ctx, id, { ...nobody, people: ['LEAD'] }, 'OLGA');
    const named = await file();
    expect(named).toContain('## Who has to hear\n\n');
    expect(named).toContain('- Sara Stake: told 2026-03-02 09:30 UTC');
    expect(named).toContain('- Lea Adler: not told yet');
    expect(named).toContain('- channel C7: told');
    const roles = await file('roles');
    expect(roles).toContain('- consumer A: told 2026-03-02 09:30 UTC');
    expect(roles).toContain('Scores of 2 March, says consumer A.');
    expect(roles).not.toMatch(/Sara|Lea|Olga/);
    expect(JSON.parse(await file('json'))).toMatchObject({ hearers: [{}, {}, {}, { who: 'Lea Adler', told: null }] });
  });

  it('of a private incident is one of its people, by a direct message', async ({ house }) => {
    const { model } = await house.team();
    const { id } = await begun(house, model, { onlyFor: ['ENGI'] });
    const choose = (people: string[], channels: string[] = []) =>
      chooseHearers(house.ctx, id, { people, channels }, 'OLGA');
    await expect(choose(['PROD'])).rejects.toMatchObject({ field: 'people' });
    await expect(choose([], ['C7'])).rejects.toMatchObject({ field: 'channels' });
    await expect(chooseHearers(house.ctx, id, nobody, 'LEAD')).rejects.toThrow('That post-mortem is gone.');
    await choose(['ENGI']);
    const form = JSON.stringify(await pressed(house, hearing, actions.chooseHearers, { postmortemId: id }));
    expect(form).toContain('"initial_users":["ENGI"]');
    await tellHearers(house.ctx, id, 'OLGA');
    expect(await told(house)).toEqual(['ENGI']);
  });
});
