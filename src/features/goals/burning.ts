import { type Context, within } from '../../context.ts';
import { verdictsFiring } from '../drift/queries.ts';
import { judge, verdictWatch } from '../drift/store.ts';
import type { Finding } from '../drift/schema.ts';
import { type BurnAlert, burning, burnRate } from '../metrics/formulas/burn.ts';
import { burnCounts, eventGoals } from './queries.ts';
import { type BurnCounts, fewestBad } from './rules.ts';
import type { Goal } from './schema.ts';

const prefix = 'error budget of ';
const nameOf = ({ name }: Goal) => `${prefix}${name}`.slice(0, 200);
const levels = ['page', 'ticket'] as const;

/** Holds every goal that counts events against the burn table. What burns is an alert, or a warning where it can wait. */
export async function watchBudgets(ctx: Context): Promise<void> {
  const goals = await eventGoals(ctx);
  const counts = await burnCounts(ctx, goals);
  const firing = new Set((await verdictsFiring(ctx, prefix)).map(({ modelId, metric }) => `${modelId} ${metric}`));
  for (const goal of goals) {
    const now = counts.get(goal.id);
    const row = now && burning(now, goal.target / 100, fewestBad);
    if (now && (row || firing.has(`${goal.modelId} ${nameOf(goal)}`))) await hold(ctx, goal, now, row);
  }
}

function hold(ctx: Context, goal: Goal, counts: BurnCounts, row: BurnAlert | undefined): Promise<void> {
  return within(ctx, async (ctx) => {
    for (const level of levels) {
      const burns = row?.severity === level;
      const name = { modelId: goal.modelId, environment: goal.environment, metric: nameOf(goal), column: level };
      const watch = await verdictWatch(ctx, name, {
        consecutive: 1,
        clearConsecutive: 3,
        minRows: 0,
        expectSeconds: 0,
        ...(level === 'ticket' && { severity: 'warning' as const }),
      });
      const finding = burns && row ? burnFinding(goal, counts, row) : quiet(goal);
      await judge(ctx, watch, [{ at: ctx.now(), findings: [finding] }]);
    }
  });
}

function burnFinding(goal: Goal, counts: BurnCounts, { long, short, burn }: BurnAlert): Finding {
  const rate = burnRate(counts[long], goal.target / 100) ?? 0;
  const { bad, total } = counts[long];
  return {
    ...quiet(goal),
    score: rate,
    limit: burn,
    drifted: true,
    rows: total,
    because: `${bad} of ${total} were bad in the last ${long}, and ${goal.target} % have to be good: the error budget burns ${rate.toFixed(1)} times faster than allowed, over ${long} and over ${short}`,
  };
}

function quiet(goal: Goal): Finding {
  const label = `Burn rate of ${goal.name}`;
  return { column: '', method: 'slo_burn', label, score: 0, limit: null, direction: 'above', drifted: false };
}
