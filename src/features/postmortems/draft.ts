/** One thing that happened, as the ledger has it. */
export interface Moment {
  readonly at: string;
  readonly who: string;
  readonly what: string;
  readonly summary: string;
}

export const sectionNames = ['summary', 'impact', 'factors', 'learned'] as const;
export type SectionName = (typeof sectionNames)[number];

export const sectionTitles: Readonly<Record<SectionName, string>> = {
  summary: 'What happened',
  impact: 'Who and what was affected',
  factors: 'What made it likely',
  learned: 'What we keep, and what we change',
};

export interface Document {
  readonly title: string;
  readonly model: string;
  readonly version: string | null;
  readonly severity: string;
  readonly began: string;
  readonly declared: string;
  readonly resolved: string | null;
  readonly sections: Readonly<Record<SectionName, string>>;
  readonly timeline: readonly Moment[];
  /** Who runs it: the team's duties say who, apart from who led the incident. Null where nobody is free. */
  readonly facilitator?: string | null;
}

export interface Facts {
  readonly number: number;
  readonly title: string;
  readonly model: string;
  readonly version: string | null;
  readonly severity: string;
  readonly evidence: string;
  readonly summary: string;
  readonly onset: Date;
  readonly declaredAt: Date;
  readonly resolvedAt: Date | null;
  readonly resolution: string | null;
}

/** Starts from what is known, so that nobody begins with an empty page; causes are left to people. */
export function draft(facts: Facts, timeline: readonly Moment[]): Document {
  const known = [
    facts.summary,
    facts.evidence && `Evidence: ${facts.evidence}.`,
    facts.resolution && `It ended so: ${facts.resolution}`,
  ];
  return {
    title: `Incident ${facts.number}: ${facts.title}`,
    model: facts.model,
    version: facts.version,
    severity: facts.severity,
    began: facts.onset.toISOString(),
    declared: facts.declaredAt.toISOString(),
    resolved: facts.resolvedAt?.toISOString() ?? null,
    sections: { summary: known.filter(Boolean).join('\n'), impact: '', factors: '', learned: '' },
    timeline,
  };
}

export function durationWords(from: string, to: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
