import { actions } from '../../../actions.ts';
import { type Doors, onAction, onForm } from '../../../doors.ts';
import { checkMember, checkStandings } from '../../teams/store.ts';
import { choosePeople, lockForPeople } from './changes.ts';
import { peopleForm, peopleModal } from './forms.ts';

export const postmortemPeople: Doors = {
  actions: [
    onAction(
      actions.choosePostmortemPeople,
      async (ctx, who, { postmortemId }) => ({ open: peopleModal(await lockForPeople(ctx, postmortemId, who.id)) }),
      checkMember,
    ),
  ],
  forms: [
    onForm(
      peopleForm,
      async (ctx, who, { carries, values }) => void (await choosePeople(ctx, carries.postmortemId, values, who.id)),
      async (ctx, who, { values }) => {
        await checkMember(ctx, who);
        await checkStandings(ctx, [values.ownerId, ...(values.facilitatorId ? [values.facilitatorId] : [])]);
      },
    ),
  ],
};
