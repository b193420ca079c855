import type { IncidentKind, MilestoneName } from '../incidents/schema.ts';
import type { Evidence } from '../drift/schema.ts';
import type { Moment } from '../incidents/frozen/schema.ts';
import type { LineTag } from '../incidents/timeline/schema.ts';
import type { Step } from '../postmortems/mitigation/rules.ts';
import type { SectionName } from '../postmortems/draft.ts';
import type { CommitmentState, CommitmentType, FactorCategory, Priority } from '../postmortems/schema.ts';

/** A post-mortem with everything that belongs to it, as it leaves the house. Instants are ISO, in UTC. */
export interface Exported {
  readonly format: 1;
  readonly incident: {
    readonly number: number;
    readonly title: string;
    readonly kind: IncidentKind;
    readonly severity: string;
    /** The highest that it ever was. */
    readonly worst: string;
    readonly model: string;
    /** Others that were affected. */
    readonly alsoAffected: readonly string[];
    readonly version: string | null;
    readonly state: string;
  };
  readonly state: string;
  readonly owner: string;
  readonly facilitator: string | null;
  readonly due: string;
  readonly meeting: string | null;
  readonly milestones: Partial<Readonly<Record<MilestoneName, string>>>;
  /** When we heard of those that another clock told, where the two are far apart. */
  readonly received: Partial<Readonly<Record<MilestoneName, string>>>;
  /** Somebody said that nobody can know when it began. */
  readonly onsetUnknown: boolean;
  readonly sections: readonly { readonly id: SectionName; readonly title: string; readonly text: string }[];
  readonly factors: readonly {
    readonly category: FactorCategory;
    readonly where: string;
    readonly statement: string;
    readonly evidence: string;
  }[];
  readonly commitments: readonly {
    readonly number: number;
    readonly text: string;
    readonly type: CommitmentType;
    readonly owner: string;
    readonly due: string;
    readonly verification: string;
    readonly state: CommitmentState;
    readonly priority: Priority;
    readonly urgency: string;
    readonly evidence: string | null;
    readonly tracker: string | null;
  }[];
  /** As they were then; what was read later is not in them. */
  readonly measures: readonly {
    readonly moment: Moment;
    readonly taken: string;
    readonly title: string;
    readonly metric: string;
    readonly column: string;
    readonly stood: string;
    readonly rule: string;
    readonly limit: Evidence['limit'];
    readonly baseline: Evidence['baseline'];
    readonly values: readonly { readonly at: string; readonly value: number }[];
  }[];
  /** Asked for while it went on; a time is null where it did not come to that. */
  readonly rollbacks: readonly ({ readonly number: number } & Readonly<Record<Step, string | null>>)[];
  /** Who used the predictions, and when they were told; null: not yet. */
  readonly hearers: readonly { readonly who: string; readonly told: string | null }[];
  /** What stakeholders were told while it went on and after it. */
  readonly notices: readonly { readonly at: string; readonly by: string; readonly text: string }[];
  /** What those who took part said, once it is over; null: nobody was asked, or they still are. */
  readonly poll: {
    readonly closed: string;
    /** `said` is null where so few answered that numbers would say who. */
    readonly answers: readonly { readonly asked: string; readonly said: { yes: number; of: number } | null }[];
  } | null;
  readonly similar: readonly {
    readonly number: number;
    readonly title: string;
    readonly model: string;
    readonly worked: string | null;
    readonly where: string | null;
    readonly factor: string | null;
  }[];
  readonly timeline: readonly {
    readonly at: string;
    readonly who: string;
    readonly text: string;
    readonly tag: LineTag | null;
    readonly evidence: string | null;
  }[];
}
