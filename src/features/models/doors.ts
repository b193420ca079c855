import { type Doors, onCommand } from '../../doors.ts';
import { allModels, modelNamed } from './store.ts';
import { modelList, whoCard } from './views.ts';

export const models: Doors = {
  commands: [
    onCommand('who <model>', 'Who owns a model, and where it is talked about', async (ctx, _who, { model = '' }) => ({
      say: whoCard(await modelNamed(ctx, model)),
    })),
    onCommand('models', 'Every registered model with its owner', async (ctx) => ({
      say: modelList(await allModels(ctx)),
    })),
  ],
};
