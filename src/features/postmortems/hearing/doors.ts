import { actions } from '../../../actions.ts';
import { type Doors, onAction, onForm } from '../../../doors.ts';
import { incidentById } from '../../incidents/queries.ts';
import { modelById } from '../../models/queries.ts';
import { membersOf } from '../../teams/queries.ts';
import { checkMember } from '../../teams/store.ts';
import { postmortemById } from '../queries.ts';
import { mayWrite } from '../rules.ts';
import { chooseHearers, tellHearers } from './changes.ts';
import { hearersForm, hearersModal } from './forms.ts';
import { hearersOf } from './queries.ts';

export const hearing: Doors = {
  actions: [
    onAction(actions.chooseHearers, async (ctx, who, { postmortemId }) => {
      const postmortem = await postmortemById(ctx, postmortemId, who.id);
      mayWrite(postmortem);
      const { modelId, isPrivate } = await incidentById(ctx, postmortem.incidentId, who.id);
      const { teamId } = await modelById(ctx, modelId);
      const stakeholders = isPrivate ? [] : (await membersOf(ctx, teamId)).filter(({ roles }) => roles.includes('stk'));
      const proposed = stakeholders.map(({ person }) => person.id);
      return { open: hearersModal(postmortemId, await hearersOf(ctx, postmortemId), proposed) };
    }),
    onAction(
      actions.tellHearers,
      async (ctx, who, { postmortemId }) => void (await tellHearers(ctx, postmortemId, who.id)),
      checkMember,
    ),
  ],
  forms: [
    onForm(
      hearersForm,
      async (ctx, who, { carries, values: { people = [], channels = [] } }) =>
        void (await chooseHearers(ctx, carries.postmortemId, { people, channels }, who.id)),
      checkMember,
    ),
  ],
};
