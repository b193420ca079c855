/** One part of a change: so much of the traffic goes to a version. */
export interface Step {
  /** The same for every try of this step: whoever carries it out does it once. */
  readonly key: string;
  readonly kind: 'rollback' | 'promotion';
  readonly number: number;
  readonly from: string;
  readonly to: string;
  /** 1 to 100 of the traffic; 100 is the whole. */
  readonly percent: number;
  readonly reason: string;
  readonly approvedBy: readonly string[];
}

/** stale: somebody else changed it meanwhile. unclear: it may have happened, and cannot be read back. */
export type Op =
  | { readonly state: 'done' | 'failed' | 'stale' | 'unclear'; readonly says: string }
  | { readonly state: 'running'; readonly ref: string; readonly says: string };

/** Whatever makes a version live. */
export interface Deployer {
  /** "MLflow alias champion" */
  readonly name: string;
  /** Whether it can give a version a part of the traffic. */
  readonly staged: boolean;
  /** The version that is live as far as it can be read back; undefined where it cannot. */
  current(): Promise<string | undefined>;
  /** Again with the same key it has no second effect. */
  apply(step: Step): Promise<Op>;
  /** Of a step that `apply` said is running. */
  status(ref: string, step: Step): Promise<Op>;
}
