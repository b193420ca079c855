import type { Answer, Evidence, Outcome, Said } from '../schema.ts';

export type Posted = Pick<
  Evidence,
  'version' | 'kind' | 'name' | 'slice' | 'value' | 'status' | 'samples' | 'dataset' | 'url' | 'at'
>;

/** The worst of what the drift tools said of their last window. */
export interface Drifted {
  readonly at: Date;
  /** Drifted columns of all that were looked at. */
  readonly share: number;
  readonly source: string;
}

/** How a version fares in an environment. */
export interface Soaking {
  /** What is live there; undefined where nothing is known. */
  readonly live: string | undefined;
  readonly since: Date | undefined;
  /** What serving was last seen with there. */
  readonly served: string | undefined;
  /** Numbers of the alerts that were open there since, warnings and useless ones left out. */
  readonly alerts: readonly number[];
}

/** Everything that the checks are judged by. Pure: nothing else is asked. */
export interface Material {
  readonly now: Date;
  readonly model: string;
  readonly version: string;
  readonly baseline: string | null;
  readonly said: Said;
  /** The newest of each. */
  readonly posted: readonly Posted[];
  /** The newest to each question. */
  readonly answers: readonly Pick<Answer, 'question' | 'role' | 'yes' | 'note' | 'by' | 'at'>[];
  readonly drift: Drifted | undefined;
  readonly soaks: ReadonlyMap<string, Soaking>;
}

export interface Judged {
  readonly outcome: Outcome;
  readonly failed: readonly string[];
  /** A sentence without its stop. */
  readonly because: string;
  readonly todo?: string;
  readonly used: Readonly<Record<string, unknown>>;
}

/** The newest thing that was posted under this name. */
export function postedUnder(
  { posted }: Pick<Material, 'posted'>,
  wanted: { version: string; kinds: readonly Posted['kind'][]; name: string; slice?: string | undefined },
): Posted | undefined {
  return posted
    .filter(
      ({ version, name, slice }) =>
        version === wanted.version && name === wanted.name && slice === (wanted.slice ?? ''),
    )
    .filter(({ kind }) => wanted.kinds.includes(kind))
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
}
