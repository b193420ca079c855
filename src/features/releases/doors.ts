import { type Doors, onClock, onPost, onQuestion, onWork } from '../../doors.ts';
import { freeFor } from '../duties/queries.ts';
import { modelNamed } from '../models/queries.ts';
import { silentSince } from './changes.ts';
import { Releases, takeReleases } from './intake.ts';
import { lookAtHint, lookAtRegistry } from './looking.ts';
import { liveEverywhere, releasesOf } from './queries.ts';
import { movesOf } from './store.ts';
import { releaseCard } from './views.ts';

export const releases: Doors = {
  commands: [
    onQuestion(
      'releases <model>',
      'Which version is live where, and how it got there',
      async (ctx, _who, { model = '' }) => {
        const found = await modelNamed(ctx, model);
        return {
          say: releaseCard(found, {
            live: await liveEverywhere(ctx, found.id),
            releases: await releasesOf(ctx, found.id),
            moves: await movesOf(ctx, found.id, found.environment),
            approvers: await freeFor(ctx, found, 'deploy.approve', {}),
            silentSince: await silentSince(ctx),
          }),
        };
      },
    ),
  ],
  routes: [onPost('/api/v1/releases', 'Versions on their way to an environment', Releases, takeReleases)],
  workers: [onWork('registry.hint', lookAtHint)],
  jobs: [onClock('registry.look', '* * * * *', lookAtRegistry, 'none')],
};
