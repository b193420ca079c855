/**
 * What a delivery of another tool says, in our words. A reader in integrations/ makes it and decides nothing.
 * Optional fields are left out where the tool does not say; a reader never guesses.
 */
export type Heard = HeardReport | HeardAlarm | HeardDeployment | HeardRun | HeardDataset | HeardRegistryChange;

/** Said by the payload itself (labels, tags, metadata); the address it was posted to may say it instead. */
interface About {
  readonly model?: string;
  readonly environment?: string;
}

/** One score as its tool computed it: "JS 0.2" is three different numbers, so the base is kept with it. */
export interface HeardFinding {
  readonly column: string;
  /** Short name of the method, such as `psi`. */
  readonly method: string;
  readonly label: string;
  readonly base?: string;
  readonly score: number | null;
  readonly limit: number | null;
  /** The side of the limit that is bad. */
  readonly direction: 'above' | 'below';
  readonly drifted: boolean;
}

/** One judged window of a drift, quality or performance tool. */
export interface HeardReport extends About {
  readonly kind: 'report';
  /** The end of the window. */
  readonly at?: Date;
  readonly rows?: number;
  /** Set where the tool judged the whole data set. */
  readonly datasetDrifted?: boolean;
  /** The tool names only what is wrong: whatever it does not name is well. */
  readonly namesOnlyWrong?: true;
  readonly findings: readonly HeardFinding[];
  /** Numbers without a judgement, such as `missing_share` of a column (0 to 1). */
  readonly measures: readonly { readonly metric: string; readonly column: string; readonly value: number }[];
}

/** An alert that another tool raised or took back. */
export interface HeardAlarm extends About {
  readonly kind: 'alarm';
  /** The same for the same alert, when it fires again and when it ends. */
  readonly key: string;
  readonly name: string;
  readonly summary: string;
  readonly state: 'firing' | 'resolved';
  readonly severity: 'warning' | 'critical';
  readonly startedAt: Date;
  readonly endedAt?: Date;
  readonly value?: number;
  readonly url?: string;
}

/** A version on its way to an environment. */
export interface HeardDeployment extends About {
  readonly kind: 'deployment';
  /** The same for all news of one deployment. */
  readonly key: string;
  readonly version: string;
  readonly state: 'pending' | 'running' | 'succeeded' | 'failed' | 'canceled';
  /** How it takes over the traffic, and how much of it (0 to 100), where the tool was told. */
  readonly strategy?: 'all_at_once' | 'canary' | 'shadow' | 'blue_green';
  readonly percent?: number;
  readonly at: Date;
  readonly by?: string;
  /** "group/project" */
  readonly repository?: string;
  readonly url?: string;
}

/** News of one run of a pipeline: a workflow, a DAG, a job. */
export interface HeardRun extends About {
  readonly kind: 'run';
  readonly key: string;
  readonly pipeline: string;
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'canceled';
  readonly at: Date;
  /** What failed, in the tool's words. */
  readonly detail?: string;
  readonly repository?: string;
  readonly url?: string;
}

/** What was seen of one data set at one moment. */
export interface HeardDataset extends About {
  readonly kind: 'dataset';
  /** Where its names are unique, such as `postgres://warehouse` or a dbt project; '' where the tool says none. */
  readonly namespace: string;
  readonly name: string;
  /** When it was looked at. */
  readonly at: Date;
  /** When it last got new data; null where the tool found no rows at all. */
  readonly updatedAt?: Date | null;
  readonly rows?: number;
  readonly bytes?: number;
  readonly columns: readonly { readonly name: string; readonly nullShare: number }[];
  /** The tool's own limit for its age, where it has one. */
  readonly latest?: { readonly warnAfterMs?: number; readonly errorAfterMs?: number };
  /** The tool's own checks, with those that failed in its words. */
  readonly checks?: {
    readonly of: number;
    readonly failed: readonly { readonly name: string; readonly column: string }[];
  };
  /** The tool's own judgement. */
  readonly status?: 'ok' | 'warning' | 'bad';
  /** The pipeline that wrote it. */
  readonly writtenBy?: string;
}

/** A change in a model registry: a hint to look there, never the truth itself. */
export interface HeardRegistryChange {
  readonly kind: 'registry';
  readonly entity: 'model' | 'version' | 'alias';
  readonly action: 'set' | 'deleted';
  readonly name: string;
  readonly version?: string;
  readonly alias?: string;
  readonly at: Date;
}
