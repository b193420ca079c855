import { actions } from '../../../actions.ts';
import { type Doors, onAction, onForm } from '../../../doors.ts';
import { modelById } from '../../models/queries.ts';
import { checkMember } from '../../teams/store.ts';
import { incidentById } from '../queries.ts';
import { setFurtherModels } from './changes.ts';
import { modelsForm, modelsModal } from './forms.ts';
import { furtherModels } from './queries.ts';
import { checkFurther } from './rules.ts';

export const incidentModelDoors: Doors = {
  actions: [
    onAction(actions.incidentModels, async (ctx, who, { incidentId }) => {
      const incident = await incidentById(ctx, incidentId, who.id);
      checkFurther(incident);
      const own = await modelById(ctx, incident.modelId);
      return { open: modelsModal(incident, own, await furtherModels(ctx, incident.id)) };
    }),
  ],
  forms: [
    onForm(
      modelsForm,
      async (ctx, who, { carries, values: { which, another } }) => {
        const ids = [...which, ...(another === undefined ? [] : [another])];
        await setFurtherModels(ctx, carries.incidentId, ids, who.id);
      },
      checkMember,
    ),
  ],
};
