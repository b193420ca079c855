import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onClock, onForm, onQuestion, onWork } from '../../doors.ts';
import { asModal, sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import { modelById } from '../models/queries.ts';
import { checkMember } from '../teams/store.ts';
import { teamById } from '../teams/queries.ts';
import { datasetById, datasetNamed, datasetsOnPage, eatersOf, feedsOf, listDatasets, looksOf } from './queries.ts';
import { ageLimits, hours } from './rules.ts';
import type { Dataset } from './schema.ts';
import { dropOldLooks, editDataset, noticeLate, takeTrouble } from './store.ts';
import { datasetCard, datasetForm, datasetFormFor, datasetList, feedList, type Shown } from './views.ts';

export const datasets: Doors = {
  commands: [
    onQuestion(
      'data [name…]',
      'Data sets that models eat: which are late, or one of them',
      async (ctx, _who, { name = '' }) => ({
        say: name === '' ? await list(ctx, 0) : datasetCard(await shown(ctx, await datasetNamed(ctx, name))),
      }),
    ),
  ],
  actions: [
    onAction(actions.listDatasets, async (ctx, _who, { page }) => ({ say: await list(ctx, page) })),
    onAction(actions.showFeeds, async (ctx, _who, { modelId }) => {
      const model = await modelById(ctx, modelId);
      return { open: asModal('Data', feedList(model, await feedsOf(ctx, modelId))) };
    }),
    onAction(
      actions.takeDataset,
      async (ctx, who, { datasetId }) => void (await takeTrouble(ctx, datasetId, who.id)),
      checkMember,
    ),
    onAction(actions.editDataset, async (ctx, _who, { datasetId }) => ({
      open: datasetFormFor(await shown(ctx, await datasetById(ctx, datasetId))),
    })),
  ],
  forms: [
    onForm(
      datasetForm,
      async (ctx, who, { carries, values }) => {
        const { team, age, rows, nulls } = values;
        const eaters = [...new Set(values.eaters.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
        const limits = { maxAgeHours: age ?? null, minRows: rows ?? null, maxNullPercent: nulls ?? null };
        const edit = { teamId: team ?? null, ...limits, eaters };
        const dataset = await editDataset(ctx, carries.datasetId, carries.revision, edit, who.id);
        return { say: sentence(md`:card_file_box: Saved. \`/ml data ${dataset.name}\` shows it.`) };
      },
      checkMember,
    ),
  ],
  jobs: [onClock('datasets.looks', '50 3 * * *', dropOldLooks)],
  workers: [onWork('datasets.late', noticeLate)],
};

async function list(ctx: Context, page: number) {
  const { rows, total } = await listDatasets(ctx, page);
  return datasetList(rows, total, page, datasetsOnPage);
}

async function shown(ctx: Context, dataset: Dataset): Promise<Shown> {
  const [eaters, past] = await Promise.all([eatersOf(ctx, dataset.id), looksOf(ctx, dataset.id)]);
  const team = dataset.teamId ? await teamById(ctx, dataset.teamId) : undefined;
  const { badMs, warnMs } = ageLimits(dataset, past);
  const limit = badMs ?? warnMs;
  const whose = dataset.maxAgeHours !== null ? 'set here' : dataset.seen.latest ? 'says the tool' : 'as usual';
  return { dataset, team, eaters, late: limit === null ? 'not known yet' : `after ${hours(limit)}, ${whose}` };
}
