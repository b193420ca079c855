import { describe, expect } from 'vitest';
import { actions } from '../../../src/actions.ts';
import { declarations } from '../../../src/features/declarations/doors.ts';
import { cancel } from '../../../src/features/incidents/changes.ts';
import { declareForm } from '../../../src/features/incidents/forms.ts';
import { setFurtherModels } from '../../../src/features/incidents/models/changes.ts';
import { incidentModelDoors } from '../../../src/features/incidents/models/doors.ts';
import { modelsForm } from '../../../src/features/incidents/models/forms.ts';
import { openAffecting, openIncidents, openOn } from '../../../src/features/incidents/queries.ts';
import { registerModel } from '../../../src/features/models/store.ts';
import { leftOutOn } from '../../../src/features/postmortems/writing/queries.ts';
import { search } from '../../../src/features/postmortem-library/queries.ts';
import { similarTo } from '../../../src/features/postmortems/similar/queries.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { type House, it } from '../../support/house.ts';
import { begun, pressed } from '../postmortems/support.ts';
import { another, declared } from './support.ts';

async function fraud(house: House, teamId: string, name = 'fraud-model') {
  const about = { name, teamId, ownerId: 'OLGA', channel: 'C2', tier: 2, registryName: name } as const;
  return await registerModel(house.ctx, about, 'OLGA');
}
const sent = (carries: object, values: Record<string, object>) => ({
  private_metadata: JSON.stringify(carries),
  state: { values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { [name]: value }])) },
});

describe('an incident on several models', () => {
  it('names them by a button, and lets go of one that was not affected', async ({ house }) => {
    const { id, teamId, card } = await declared(house);
    const [one, two] = [await fraud(house, teamId), await fraud(house, teamId, 'price-model')];
    expect(await card()).toContain('[Other models]');
    const form = () => pressed(house, incidentModelDoors, actions.incidentModels, { incidentId: id });
    expect(JSON.stringify(await form())).not.toContain('"checkboxes"');
    const save = async (which: readonly string[], add?: string) => {
      const door = incidentModelDoors.forms?.find((each) => each.id === modelsForm.id);
      const chosen = { which: { selected_options: which.map((value) => ({ value })) } };
      const more = add === undefined ? {} : { another: { selected_option: { value: add } } };
      await door?.handle(house.ctx, { id: 'ENGI' }, sent({ incidentId: id }, { ...chosen, ...more }));
    };
    await save([], one.id);
    await save([one.id], two.id);
    expect(await card()).toContain('*Also affected*\nfraud-model, price-model');
    expect(JSON.stringify(await form())).toContain(
      '"initial_options":[{"text":{"type":"plain_text","text":"fraud-model"',
    );
    await save([two.id]);
    expect(await card()).toContain('*Also affected*\nprice-model');
    const lines = (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what === 'incident.models_named');
    expect(lines.at(-1)?.summary).toBe('said that incident 1 also affects price-model');
  });

  it('is among the open ones of each of them when somebody declares, and of no other', async ({ house }) => {
    const { id, teamId, model } = await declared(house);
    const [one, two] = [await fraud(house, teamId), await fraud(house, teamId, 'price-model')];
    await setFurtherModels(house.ctx, id, [one.id, model.id], 'ENGI');
    const form = async (modelId: string) =>
      JSON.stringify(await pressed(house, declarations, actions.declareIncident, { modelId }, 'DEPU'));
    expect(await form(one.id)).toContain('*Is it one of these?*');
    expect(await form(model.id)).toContain('*Is it one of these?*');
    expect(await form(two.id)).not.toContain('*Is it one of these?*');
    // What goes around the approvers is about its own model alone.
    expect(await openOn(house.ctx, one.id, 'DEPU')).toEqual([]);
    await cancel(house.ctx, id, 'false_positive', 'nothing was wrong', 'ENGI');
    await expect(setFurtherModels(house.ctx, id, [two.id], 'ENGI')).rejects.toThrow('was called off');
  });

  it('names one in the form that declares it', async ({ house }) => {
    const { model, teamId } = await house.team();
    const one = await fraud(house, teamId);
    const select = (value: string) => ({ selected_option: { value } });
    const door = declarations.forms?.find((each) => each.id === declareForm.id);
    await door?.handle(
      house.ctx,
      { id: 'ENGI' },
      sent(
        { modelId: model.id },
        {
          title: { value: 'Scores are off' },
          severity: select('sev2'),
          sure: select('active'),
          sees: select('everybody'),
          kind: select('incident'),
          another: select(one.id),
        },
      ),
    );
    expect(await openIncidents(house.ctx, 'ENGI')).toHaveLength(1);
    expect((await house.said('incident:'))[0]).toContain('*Also affected*\nfraud-model');
  });

  it('has them in its post-mortem, in the files, and is found by their names', async ({ house }) => {
    const { model, teamId } = await house.team();
    const one = await fraud(house, teamId);
    const { incidentId, card, write, file } = await begun(house, model);
    await setFurtherModels(house.ctx, incidentId, [one.id], 'OLGA');
    await write({ retrain_from: '2026-02-24', retrain_until: '2026-03-01' });
    expect(await card()).toContain('*Also affected*\nfraud-model');
    expect(await file()).toContain('model: "churn-model"\nalso_affected: ["fraud-model"]\n');
    expect(JSON.parse(await file('json'))).toMatchObject({ incident: { alsoAffected: ['fraud-model'] } });
    expect(await search(house.ctx, 'fraud', 'PROD')).toMatchObject([{ number: 1, model: 'churn-model, fraud-model' }]);
    expect(await leftOutOn(house.ctx, one.id)).toEqual([{ number: 1, from: '2026-02-24', until: '2026-03-01' }]);
    const later = await another(house, one.id, { title: 'Payments are refused' });
    const [near] = await similarTo(house.ctx, await later.now(), 'PROD');
    expect(near).toMatchObject({ number: 1, model: 'churn-model, fraud-model' });
  });

  it('of a private one nobody else hears by the other model', async ({ house }) => {
    const { id, teamId } = await declared(house, { onlyFor: ['OLGA'] });
    const one = await fraud(house, teamId);
    await expect(setFurtherModels(house.ctx, id, [one.id], 'DEPU')).rejects.toThrow('That incident is gone.');
    await setFurtherModels(house.ctx, id, [one.id], 'ENGI');
    expect(await openAffecting(house.ctx, one.id, 'DEPU')).toEqual([]);
    expect(await openAffecting(house.ctx, one.id, 'OLGA')).toHaveLength(1);
    const lines = (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what === 'incident.models_named');
    expect(lines.map(({ modelId }) => modelId)).toEqual([null]);
  });

  it('takes ten others at most, and none that is not there', async ({ house }) => {
    const { id, teamId } = await declared(house);
    const many = [];
    for (let at = 0; at < 11; at += 1) many.push((await fraud(house, teamId, `model-${at}`)).id);
    await expect(setFurtherModels(house.ctx, id, many, 'ENGI')).rejects.toMatchObject({ field: 'another' });
    await expect(setFurtherModels(house.ctx, id, [id], 'ENGI')).rejects.toThrow('no longer registered');
    await setFurtherModels(house.ctx, id, many.slice(1), 'ENGI');
  });
});
