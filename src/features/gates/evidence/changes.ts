import { and, eq, inArray } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { record } from '../../../ledger/ledger.ts';
import { byIndex, isAhead, parseEach, type Rejected } from '../../../lib/batch.ts';
import { modelsNamed } from '../../models/queries.ts';
import { newestOfEach } from '../queries.ts';
import { type Evidence, gateEvidence, gates } from '../schema.ts';
import { redraw } from '../store.ts';
import { EvidenceItem, findingOf } from './items.ts';
import type { At } from './queries.ts';

type Piece = Omit<Evidence, 'id' | 'workspace' | 'receivedAt'>;

/** Keeps what machines found out about versions. The same piece twice is one; another number for it is rejected. */
export function takeEvidence(
  ctx: Context,
  items: readonly unknown[],
): Promise<{ accepted: number; rejected: Rejected[] }> {
  return within(ctx, async (ctx) => {
    const { good, rejected } = parseEach(EvidenceItem, items, 'piece of evidence');
    const models = await modelsNamed(
      ctx,
      good.map(({ said }) => said.model),
    );
    const pieces: { index: number; piece: Piece }[] = [];
    for (const { index, said } of good) {
      const model = models.get(said.model.toLowerCase());
      const { at = ctx.now(), model: name, status: _status, value: _value, ...rest } = said;
      const finding = findingOf(said);
      if (!model) {
        rejected.push({ index, reason: `model: no model is registered under the name "${name}"` });
      } else if (said.environment !== '' && !model.environments.includes(said.environment)) {
        rejected.push({ index, reason: `environment: ${model.name} runs in ${model.environments.join(', ')}` });
      } else if (isAhead(at, ctx.now())) {
        rejected.push({ index, reason: 'at: lies in the future' });
      } else if (typeof finding === 'string') {
        rejected.push({ index, reason: finding });
      } else {
        const { samples = null, dataset = null, url = null, ...names } = rest;
        pieces.push({ index, piece: { ...names, ...finding, modelId: model.id, samples, dataset, url, at } });
      }
    }
    const clashes = await keepPieces(ctx, pieces);
    rejected.push(
      ...clashes.map((index) => ({ index, reason: 'at: something else is kept for this instant already' })),
    );
    const lost = new Set(clashes);
    await tellOf(
      ctx,
      pieces.filter(({ index }) => !lost.has(index)).map(({ piece }) => piece),
    );
    return { accepted: items.length - rejected.length, rejected: rejected.toSorted(byIndex) };
  });
}

function spotOf({ modelId, version, environment, kind, name, slice, at }: Piece): string {
  return JSON.stringify([modelId, version, environment, kind, name, slice, at.getTime()]);
}

const saysTheSame = (a: Piece, b: Piece) =>
  a.value === b.value && a.status === b.status && a.samples === b.samples && a.dataset === b.dataset;

/** Where the batch or our records say something else of the same thing and instant: the indices of those. */
async function keepPieces(ctx: Context, pieces: readonly { index: number; piece: Piece }[]): Promise<number[]> {
  const firsts = new Map<string, Piece>();
  for (const { piece } of pieces) if (!firsts.has(spotOf(piece))) firsts.set(spotOf(piece), piece);
  if (firsts.size === 0) return [];
  // In one order: two batches about the same never wait for each other in a circle.
  const rows = [...firsts.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, piece]) => piece);
  const fresh = { workspace: ctx.workspace, receivedAt: ctx.now() };
  const inserted = await ctx.db
    .insert(gateEvidence)
    .values(rows.map((piece) => ({ ...piece, ...fresh })))
    .onConflictDoNothing()
    .returning();
  const stand = new Map(inserted.map((each) => [spotOf(each), each]));
  const others = rows.filter((piece) => !stand.has(spotOf(piece)));
  for (const each of await standing(ctx, others)) stand.set(spotOf(each), each);
  return pieces.flatMap(({ index, piece }) => {
    const kept = stand.get(spotOf(piece));
    return kept && saysTheSame(kept, piece) ? [] : [index];
  });
}

async function standing(ctx: Context, pieces: readonly Piece[]): Promise<Evidence[]> {
  if (pieces.length === 0) return [];
  const all = <T>(of: (piece: Piece) => T) => [...new Set(pieces.map(of))];
  return await ctx.db
    .select()
    .from(gateEvidence)
    .where(
      and(
        eq(gateEvidence.workspace, ctx.workspace),
        inArray(
          gateEvidence.modelId,
          all(({ modelId }) => modelId),
        ),
        inArray(
          gateEvidence.version,
          all(({ version }) => version),
        ),
        inArray(
          gateEvidence.name,
          all(({ name }) => name),
        ),
        inArray(
          gateEvidence.at,
          all(({ at }) => at),
        ),
      ),
    );
}

/** One line for each version, and the cards whose result it makes old. */
async function tellOf(ctx: Context, pieces: readonly Piece[]): Promise<void> {
  const groups = Map.groupBy(pieces, ({ modelId, version }) => JSON.stringify([modelId, version]));
  for (const group of groups.values()) {
    const [first] = group;
    if (!first) continue;
    const { modelId, version } = first;
    const names = [...new Set(group.map(({ name }) => name))];
    const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
    record(ctx, {
      who: 'api',
      what: 'gate.evidence',
      modelId,
      subject: `version:${modelId}:${version}`,
      summary: `got evidence for version ${version}: ${names.slice(0, 5).join(', ')}${more}`,
    });
  }
  const versions = Map.groupBy(pieces, ({ modelId }) => modelId);
  const gated = await ctx.db
    .selectDistinct({ modelId: gates.modelId })
    .from(gates)
    .where(and(eq(gates.workspace, ctx.workspace), inArray(gates.modelId, [...versions.keys()])));
  const old: At[] = [];
  for (const { modelId } of gated) {
    const named = new Set(versions.get(modelId)?.map(({ version }) => version));
    const checked = await newestOfEach(ctx, { modelId, most: 50 });
    old.push(...checked.filter(({ version, baseline }) => named.has(version) || named.has(baseline ?? '')));
  }
  await redraw(ctx, old);
}
