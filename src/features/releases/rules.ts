import type { LiveVersion, ReleaseState } from './schema.ts';

const order: Readonly<Record<ReleaseState, number>> = { pending: 0, running: 1, succeeded: 2, failed: 2, canceled: 2 };

/** News may come late and in any order: an older one never takes a release back to where it was. */
export function isNews(
  before: { readonly state: ReleaseState; readonly saidAt: Date; readonly percent: number | null },
  said: { readonly state: ReleaseState; readonly at: Date; readonly percent: number | null },
): boolean {
  if (said.at < before.saidAt) return false;
  if (order[said.state] < order[before.state]) return false;
  return said.state !== before.state || said.percent !== before.percent;
}

/** What a look at the registry means for what we think is live. */
export type Seen = 'same' | 'moved' | 'expected' | 'missing' | 'back';

export function seenAs(
  live: Pick<LiveVersion, 'version' | 'expectedVersion' | 'missingSince'> | null,
  version: string | undefined,
): Seen {
  if (version === undefined) return live && live.missingSince === null ? 'missing' : 'same';
  if (!live) return 'moved';
  if (version === live.version) return live.missingSince === null ? 'same' : 'back';
  return version === live.expectedVersion ? 'expected' : 'moved';
}

/** As MLflow counts them; a tag or a commit of the code is no version of the model. */
export const isRegistryVersion = (version: string) => /^\d{1,6}$/.test(version);
