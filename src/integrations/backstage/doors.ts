import { z } from 'zod';
import { type Doors, onCommand, onForm, onPost } from '../../doors.ts';
import { takeCatalog } from '../../features/catalog/store.ts';
import { resultMessage } from '../../features/catalog/views.ts';
import { teamById, teamMeant } from '../../features/teams/queries.ts';
import { checkStanding } from '../../features/teams/store.ts';
import { form } from '../../slack/forms.ts';
import { textField } from '../../slack/fields.ts';
import { readCatalog } from './catalog-info.ts';

const catalogForm = form('model.catalog', { title: 'Read a catalog', submit: 'Read' }, z.object({ teamId: z.uuid() }), {
  text: textField('catalog-info.yaml', {
    multiline: true,
    hint: 'New components of type ml-model are registered. What stands here is only proposed to its owner. Longer than 3,000 characters: POST it to /api/v1/catalog.',
  }),
});

export const backstage: Doors = {
  commands: [
    onCommand('models import-yaml', 'Read models from a catalog-info.yaml', async (ctx, who) => ({
      open: catalogForm.view({ teamId: (await teamMeant(ctx, who, '')).id }),
    })),
  ],
  forms: [
    onForm(
      catalogForm,
      async (ctx, who, { carries, values }) => {
        const team = await teamById(ctx, carries.teamId);
        return { say: resultMessage(await takeCatalog(ctx, readCatalog(values.text), { by: who.id, team })) };
      },
      (ctx, who) => checkStanding(ctx, who.id),
    ),
  ],
  routes: [
    onPost(
      '/api/v1/catalog',
      'Models of a Backstage catalog-info.yaml: new ones are registered, differences proposed to their owners',
      z.object({ yaml: z.string().min(1) }),
      async (ctx, { yaml }) => {
        const { taken, proposed, unchanged, notes, rejected } = await takeCatalog(ctx, readCatalog(yaml), {
          by: 'api',
        });
        const accepted = taken.length + proposed.length + unchanged.length;
        return { accepted, registered: taken, proposed, unchanged, notes, rejected };
      },
    ),
  ],
};
