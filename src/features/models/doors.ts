import { type Doors, onCommand, onLookup } from '../../doors.ts';
import { allModels, findModels, modelNamed } from './store.ts';
import { modelList, whoCard } from './views.ts';

export const models: Doors = {
  lookups: [
    onLookup('model', async (ctx, _who, typed) =>
      (await findModels(ctx, typed)).map(({ id, name, description }) => ({ text: name, value: id, description })),
    ),
  ],
  commands: [
    onCommand('who <model>', 'Who owns a model, and where it is talked about', async (ctx, _who, { model = '' }) => ({
      say: whoCard(await modelNamed(ctx, model)),
    })),
    onCommand('models', 'Every registered model with its owner', async (ctx) => ({
      say: modelList(await allModels(ctx)),
    })),
  ],
};
