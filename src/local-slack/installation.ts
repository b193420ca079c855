import { emit } from './events.ts';
import type { World } from './world.ts';

/** The token stops working at once, and the app hears of it. */
export function uninstall(world: World): void {
  world.installed = false;
  void emit(world, 'tokens_revoked', {
    type: 'tokens_revoked',
    tokens: { oauth: [], bot: [world.app.botUserId] },
  });
  void emit(world, 'app_uninstalled', { type: 'app_uninstalled' });
}
