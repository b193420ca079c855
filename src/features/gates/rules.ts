import { Refusal } from '../../lib/refusal.ts';
import type { Standing } from '../../ports.ts';
import type { Model } from '../models/schema.ts';
import { roles, works, type Role } from '../teams/schema.ts';
import { usualDirection } from './checks/direction.ts';
import { parseChecks } from './checks/language.ts';
import { printChecks } from './checks/printing.ts';
import type { AskedRole, Check, Evaluation } from './schema.ts';

/** Somebody at the gate, as our records say now. */
export interface Someone {
  readonly id: string;
  readonly standing: Standing | undefined;
  /** Undefined: not in the owning team. */
  readonly roles: readonly Role[] | undefined;
  readonly isLead: boolean;
  /** By name, for the duty that this act belongs to. */
  readonly isNamed: boolean;
}

/** A machine that asks has a name in small letters. */
export const isPerson = (id: string): boolean => /^[A-Z0-9]{3,}$/.test(id);

type Of = Pick<Model, 'name' | 'ownerId' | 'deputyId'>;

function checkMembership({ standing }: Someone): void {
  if (standing === 'member') return;
  throw new Refusal(
    standing === 'guest'
      ? 'Guests read along here, but do not decide. Ask a member of the team.'
      : 'Only members of this workspace decide here. Ask one of the team.',
  );
}

export function mayChange(someone: Someone, model: Of): void {
  checkMembership(someone);
  if (someone.isLead || (someone.roles && works(someone.roles))) return;
  throw new Refusal(`Only the people of its team change the gate of ${model.name}. Ask one of them.`);
}

export const roleWords: Readonly<Record<AskedRole, string>> = {
  ds: 'data scientist',
  mle: 'ML engineer',
  de: 'data engineer',
  ops: 'DevOps',
  qa: 'QA',
  mon: 'monitoring and retraining',
  pm: 'product manager',
  stk: 'stakeholder',
  owner: 'owner of the model, or its deputy',
};

export function mayAnswer(someone: Someone, model: Of, role: AskedRole): void {
  checkMembership(someone);
  if (someone.isNamed) return;
  const holds =
    role === 'owner' ? [model.ownerId, model.deputyId].includes(someone.id) : (someone.roles?.includes(role) ?? false);
  if (holds) return;
  throw new Refusal(
    `This question is for the role ${roleWords[role]} of ${model.name}, or for whoever is named to check its quality. Ask one of them, or change the roles with /ml team.`,
  );
}

/** Of an override, in characters. */
export const shortestReason = 20;

/** Who made or released the version, where that is known. */
export interface Doers {
  readonly trained: readonly string[];
  readonly released: readonly string[];
}

export function mayOverride(someone: Someone, model: Of, { version, result, results }: Evaluation, doers: Doers): void {
  checkMembership(someone);
  const entitled = [model.ownerId, model.deputyId].includes(someone.id) || someone.isLead || someone.isNamed;
  if (!entitled || (!someone.roles && !someone.isLead))
    throw new Refusal(
      `Only the owner of ${model.name}, its deputy, the team's lead, or whoever is named to approve releases may override its gate.`,
    );
  const did = doers.trained.includes(someone.id)
    ? 'trained'
    : doers.released.includes(someone.id)
      ? 'released'
      : undefined;
  if (did)
    throw new Refusal(`You ${did} version ${version}, so somebody else has to decide to go on without its gate.`);
  if (result === 'pass') throw new Refusal(`Version ${version} passes its gate: there is nothing to override.`);
  if (results.some(({ failed }) => failed.includes('no_version')))
    throw new Refusal(`There is no version ${version} to release, so there is nothing to override.`);
}

export function checkEnvironment(model: Pick<Model, 'name' | 'environments'>, environment: string): void {
  if (model.environments.includes(environment)) return;
  throw new Refusal(`${model.name} does not run in "${environment}", but in ${model.environments.join(', ')}.`, {
    field: 'environment',
  });
}

/** Refuses checks that could never pass where the model is. */
export function checkPlaces(checks: readonly Check[], model: Pick<Model, 'name' | 'environments'>): void {
  const unknown = checks.find((check) => check.kind === 'soak' && !model.environments.includes(check.env));
  if (unknown?.kind === 'soak')
    throw new Refusal(
      `${model.name} does not run in "${unknown.env}", but in ${model.environments.join(', ')}. Add it with /ml model edit, or name one of these.`,
      { field: 'checks' },
    );
}

const ofTraining = /^(training|train)[_.\s-]/i;
const mostSuggested = 3;

/** A gate to begin with, which whoever opens the form reads and changes. */
export function suggested(known: {
  readonly metrics: readonly string[];
  readonly hasDrift: boolean;
  readonly roles: ReadonlySet<Role>;
}): string {
  const regressions = known.metrics
    .filter((name) => !ofTraining.test(name) && !/["“”„\n\r]/.test(name) && name.trim() === name && name.length <= 100)
    .flatMap((name): Check[] => {
      const direction = usualDirection(name);
      return direction ? [{ kind: 'metric', name, direction, max_regression_rel: 0.01, required: true }] : [];
    })
    .slice(0, mostSuggested);
  const drift: Check[] = known.hasDrift ? [{ kind: 'drift', max_drifted_share: 0.3, required: true }] : [];
  const role = (['qa', 'ds', 'mle'] as const satisfies readonly (typeof roles)[number][]).find((each) =>
    known.roles.has(each),
  );
  const question = 'Did you look at how it does on the slices that matter?';
  const checks = [
    ...regressions,
    ...drift,
    { kind: 'manual', question, role: role ?? 'owner', required: true } as const,
  ];
  // As it will be read when it is saved.
  return printChecks(parseChecks(printChecks(checks)));
}
