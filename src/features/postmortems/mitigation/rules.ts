/** A rollback that was asked for while it went on; null: it did not come to that. */
export interface RolledBack {
  readonly number: number;
  readonly proposed: Date;
  readonly approved: Date | null;
  /** From when it was carried out. */
  readonly executed: Date | null;
  /** The old version was seen to be served. */
  readonly observed: Date | null;
}

export const steps = ['proposed', 'approved', 'executed', 'observed'] as const;
export type Step = (typeof steps)[number];
export const stepWords: Readonly<Record<Step, { readonly yes: string; readonly no: string }>> = {
  proposed: { yes: 'proposed', no: 'not proposed' },
  approved: { yes: 'approved', no: 'not approved' },
  executed: { yes: 'carried out', no: 'not carried out' },
  observed: { yes: 'seen to work', no: 'not seen to work' },
};
