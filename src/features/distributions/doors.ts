import { z } from 'zod';
import { type Doors, onClock, onCommand, onPost } from '../../doors.ts';
import { parseOrRefuse } from '../../lib/refusal.ts';
import { sentence } from '../../slack/blocks.ts';
import { modelNamed } from '../models/queries.ts';
import { checkMember } from '../teams/store.ts';
import { dropOldHistograms, freezeLatest, Histograms, takeHistograms } from './store.ts';
import { frozenWords } from './views.ts';

const Words = z.object({ model: z.string() });

export const distributions: Doors = {
  commands: [
    onCommand(
      'drift freeze <model>',
      'From now on compare the features with how they lie in the newest window',
      async (ctx, who, words) => {
        const model = await modelNamed(ctx, parseOrRefuse(Words, words).model);
        const features = await freezeLatest(ctx, model, model.environment, who.id);
        return {
          say: sentence(frozenWords(features, model)),
        };
      },
      checkMember,
    ),
  ],
  routes: [onPost('/api/v1/histograms', 'Histograms of features, up to 1,000 at a time', Histograms, takeHistograms)],
  jobs: [onClock('distributions.age', '40 3 * * *', dropOldHistograms)],
};
