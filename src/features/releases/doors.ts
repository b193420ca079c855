import { type Doors, onQuestion } from '../../doors.ts';
import { freeFor } from '../duties/queries.ts';
import { modelNamed } from '../models/queries.ts';
import { liveVersion, movesOf } from './store.ts';
import { releaseCard } from './views.ts';

export const releases: Doors = {
  commands: [
    onQuestion('releases <model>', 'Which version is live, and how it got there', async (ctx, _who, { model = '' }) => {
      const found = await modelNamed(ctx, model);
      const live = await liveVersion(ctx, found.id, found.environment);
      const moves = await movesOf(ctx, found.id, found.environment);
      return { say: releaseCard(found, live, moves, await freeFor(ctx, found, 'deploy.approve', {})) };
    }),
  ],
};
