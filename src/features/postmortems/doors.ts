import { actions } from '../../actions.ts';
import { type Doors, onAction, onForm } from '../../doors.ts';
import { postmortemById, start, write } from './store.ts';
import { writeForm, writeModal } from './views.ts';

export const postmortems: Doors = {
  actions: [
    onAction(actions.startPostmortem, async (ctx, who, { incidentId }) => void (await start(ctx, incidentId, who.id))),
    onAction(actions.writePostmortem, async (ctx, _who, { postmortemId }) => ({
      open: writeModal(await postmortemById(ctx, postmortemId)),
    })),
  ],
  forms: [
    onForm(writeForm, async (ctx, who, { carries, values }) => {
      await write(ctx, carries.postmortemId, carries.revision, { ...values }, who.id);
    }),
  ],
};
