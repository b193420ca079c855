export const sectionNames = [
  'summary',
  'surprise',
  'impact',
  'decisions',
  'detection',
  'trigger',
  'held',
  'resolution',
  'went_well',
  'difficult',
  'lucky',
  'open_questions',
  'slice',
  'skew',
  'evaluation_gap',
  'ideas',
] as const;
export type SectionName = (typeof sectionNames)[number];
export type Sections = Partial<Readonly<Record<SectionName, string>>>;

/** What was known when it was begun. */
export interface Document {
  readonly title: string;
  readonly model: string;
  readonly version: string | null;
  readonly severity: string;
  readonly began: string;
  readonly declared: string;
  readonly resolved: string | null;
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
export function draft(facts: Facts): { document: Document; sections: Sections } {
  const { title, model, version, severity, evidence, summary, resolution } = facts;
  const ended = resolution ? { resolution } : {};
  const known = [summary, evidence && `Evidence: ${evidence}.`].filter(Boolean).join('\n');
  return {
    document: {
      title: `Incident ${facts.number}: ${title}`,
      model,
      version,
      severity,
      began: facts.onset.toISOString(),
      declared: facts.declaredAt.toISOString(),
      resolved: facts.resolvedAt?.toISOString() ?? null,
    },
    sections: { ...(known !== '' && { summary: known }), ...ended },
  };
}

export function durationWords(from: string, to: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/**
 * Somebody else saved while this was written: theirs stays whole, and every line that was added to the wording both
 * began with is kept below it, so that nobody loses a word.
 */
export function bothKept(base: string, theirs: string, mine: string): string {
  const known = new Set([...base.split('\n'), ...theirs.split('\n')].map((line) => line.trim()));
  const added = mine.split('\n').filter((line) => line.trim() !== '' && !known.has(line.trim()));
  return added.length === 0 ? theirs : [theirs, ...added].filter((part) => part !== '').join('\n');
}
