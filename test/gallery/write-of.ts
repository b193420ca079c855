import type { KeptWrite } from './writes.ts';

/** A write with what a test of the gallery says about it. */
export function writeOf(about: Partial<KeptWrite>): KeptWrite {
  const given = about.given ?? { text: 'Hello' };
  return {
    method: 'chat.postMessage',
    kind: 'message',
    given,
    kept: given,
    workspace: { app: { name: 'Pitcrew', botUserId: 'UBOT', homeTab: true }, people: [], channels: [] },
    pictures: {},
    test: 'says hello',
    file: 'test/stories/hello.test.ts',
    ...about,
  };
}
