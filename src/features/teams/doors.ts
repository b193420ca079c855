import { z } from 'zod';
import { type Doors, onEvent } from '../../doors.ts';
import { checkStanding } from './store.ts';

const changed = z.object({ user: z.object({ id: z.string() }) });

export const teams: Doors = {
  // Someone was deactivated, or became a guest: what they may decide changes the same minute.
  events: [
    onEvent(
      'user_change',
      changed,
      () => Promise.resolve(),
      (ctx, { user }) => checkStanding(ctx, user.id),
    ),
  ],
};
