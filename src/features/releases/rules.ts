import type { LiveVersion, Missing, Release, ReleaseState, Strategy } from './schema.ts';

const order: Readonly<Record<ReleaseState, number>> = {
  pending: 0,
  running: 1,
  superseded: 1,
  succeeded: 2,
  failed: 2,
  canceled: 2,
};

type Known = Pick<Release, 'state' | 'saidAt' | 'percent' | 'version'>;

/** News may come late and in any order: an older one never takes a release back to where it was. */
export function isNews(
  before: Known,
  said: { readonly state: ReleaseState; readonly at: Date; readonly percent: number | null; readonly version: string },
): boolean {
  if (said.at < before.saidAt) return false;
  if (order[said.state] < order[before.state]) return false;
  return said.state !== before.state || said.percent !== before.percent || said.version !== before.version;
}

export const hasEnded = (state: ReleaseState) => order[state] === 2;
export const isUnderWay = (state: ReleaseState) => state === 'pending' || state === 'running';

/** Whether it gives a version all of the traffic; a canary whose share nobody said does not. */
export function isWhole({ strategy, percent }: { readonly strategy: Strategy; readonly percent: number | null }) {
  if (strategy === 'shadow') return false;
  return percent === null ? strategy !== 'canary' : percent === 100;
}

/** What a look at the registry means for what we think is live. */
export type Seen = 'same' | 'agreed' | 'moved' | 'missing' | 'back';

type Live = Pick<LiveVersion, 'version' | 'truth' | 'missing'>;

/** `seen`: the version that the alias points to, or what of it is not there. */
export function seenAs(live: Live | null, seen: { readonly version: string } | { readonly missing: Missing }): Seen {
  if (live?.truth === 'deployer') return 'same';
  if ('missing' in seen) {
    if (live?.truth !== 'registry' || live.missing === seen.missing) return 'same';
    // Its alias went with the version, and both are still gone.
    return live.missing === 'version' && seen.missing === 'alias' ? 'same' : 'missing';
  }
  if (live?.version !== seen.version) return 'moved';
  if (live.missing !== null) return 'back';
  return live.truth === 'registry' ? 'same' : 'agreed';
}

/** As MLflow counts them; a tag or a commit of the code is no version of the model. */
export const isRegistryVersion = (version: string) => /^\d{1,6}$/.test(version);
