import { type Doors, onClock, onPost, onQuestion, onWork } from '../../doors.ts';
import { freeFor } from '../duties/queries.ts';
import { modelNamed } from '../models/queries.ts';
import { Releases, takeReleases } from './intake.ts';
import { liveEverywhere, releasesOf } from './queries.ts';
import { lookNext } from './registry/looking.ts';
import { silentSince } from './registry/queries.ts';
import { wantLook } from './registry/store.ts';
import { movesOf } from './store.ts';
import { releaseCard } from './views.ts';

export const releases: Doors = {
  commands: [
    onQuestion(
      'releases <model>',
      'Which version is live where, and how it got there',
      async (ctx, _who, { model = '' }) => {
        const found = await modelNamed(ctx, model);
        const { people } = await freeFor(ctx, found, 'deploy.approve', {});
        return {
          say: releaseCard(found, {
            live: await liveEverywhere(ctx, found.id),
            releases: await releasesOf(ctx, found.id, undefined, 50),
            moves: await movesOf(ctx, found.id),
            approvers: people,
            silentSince: await silentSince(ctx),
          }),
        };
      },
    ),
  ],
  routes: [
    onPost(
      '/api/v1/releases',
      'Versions on their way to an environment, up to 1,000 at a time',
      Releases,
      takeReleases,
    ),
  ],
  // The clock only asks for a look: a registry that is slow to answer keeps no other job waiting.
  workers: [onWork('registry.look', lookNext)],
  jobs: [onClock('registry.look', '* * * * *', (ctx) => wantLook(ctx), 'none')],
};
