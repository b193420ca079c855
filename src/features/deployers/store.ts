import { eq } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { connectionById } from '../connections/queries.ts';
import { modelById } from '../models/queries.ts';
import { mayEditModel } from '../models/store.ts';
import { checkSettings } from './rules.ts';
import { type DeployerRow, deployers } from './schema.ts';
import { settingsWords } from './views.ts';

export type Input = Omit<DeployerRow, 'workspace' | 'changedBy' | 'revision'>;

/** Saved over the revision that was read; open requests keep what their approvers saw. */
export function setDeployer(ctx: Context, input: Input, revision: number, by: string): Promise<DeployerRow> {
  return within(ctx, async (ctx) => {
    const model = await modelById(ctx, input.modelId);
    await mayEditModel(ctx, model, by);
    checkSettings(input);
    const connection = input.connectionId === null ? undefined : await connectionById(ctx, input.connectionId);
    const fits = { alias: [undefined], webhook: ['webhook'], pipeline: ['airflow', 'kubeflow'] }[input.kind];
    if (!fits.some((kind) => kind === connection?.kind))
      throw new Refusal(
        input.kind === 'pipeline' ? 'Choose a connection to Airflow or Kubeflow.' : 'Choose a web-hook.',
        { field: 'connection' },
      );
    const kept = { ...input, changedBy: by, revision: revision + 1 };
    const [saved] = await ctx.db
      .insert(deployers)
      .values({ workspace: ctx.workspace, ...kept })
      .onConflictDoUpdate({
        target: [deployers.workspace, deployers.modelId, deployers.environment],
        set: kept,
        setWhere: eq(deployers.revision, revision),
      })
      .returning();
    if (!saved) throw new Refusal('Somebody else changed this meanwhile. Please open it again.');
    record(ctx, {
      who: by,
      what: 'deployer.set',
      subject: `model:${model.id}`,
      modelId: model.id,
      summary: settingsWords(saved, connection?.name),
    });
    return saved;
  });
}
