import { afterAll, beforeAll, describe } from 'vitest';
import { setTheStage, type Stage } from '../support/stage.ts';
import { playMainLoop } from './main-loop.ts';

describe.each(['socket', 'http'] as const)('from drift to post-mortem, Slack over %s', (transport) => {
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await setTheStage({ transport });
  });
  afterAll(() => stage?.close());

  playMainLoop(() => stage ?? fail());
});

function fail(): never {
  throw new Error('the stage was not set');
}
