import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onClock, onForm, onQuestion, onWork } from '../../doors.ts';
import { asModal, sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import { modelById } from '../models/queries.ts';
import { checkMember } from '../teams/store.ts';
import { teamById } from '../teams/queries.ts';
import {
  datasetById,
  datasetNamed,
  datasetsOnPage,
  eatersOf,
  feedsOf,
  historyOf,
  listDatasets,
  looksOf,
} from './queries.ts';
import { closeAsNotUseful, type DatasetEdit, editDataset, takeTrouble } from './changes.ts';
import { datasetForm, datasetFormFor, notUsefulForm, reasonWords, type Settings } from './forms.ts';
import { ageLimits, hours } from './rules.ts';
import type { Dataset } from './schema.ts';
import { dropOldLooks, noticeLate } from './store.ts';
import { datasetCard, datasetList, feedList, type Shown } from './views.ts';

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
    onAction(actions.showDataset, async (ctx, _who, { datasetId }) => ({
      open: asModal('Data', datasetCard(await shown(ctx, await datasetById(ctx, datasetId)))),
    })),
    onAction(actions.takeDataset, async (ctx, who, which) => void (await takeTrouble(ctx, which, who.id)), checkMember),
    onAction(actions.datasetNotUseful, (_ctx, _who, which) => Promise.resolve({ open: notUsefulForm.view(which) })),
    onAction(actions.editDataset, async (ctx, _who, { datasetId }) => {
      const dataset = await datasetById(ctx, datasetId);
      return { open: datasetFormFor(dataset, await setOf(ctx, dataset)) };
    }),
  ],
  forms: [
    onForm(
      datasetForm,
      async (ctx, who, { carries, values }) => {
        const edit = editOf(values);
        const saved = await editDataset(ctx, carries.datasetId, carries.revision, edit, who.id);
        if (saved) return { say: sentence(md`:card_file_box: Saved. \`/ml data ${saved.name}\` shows it.`) };
        const theirs = await datasetById(ctx, carries.datasetId);
        return { open: datasetFormFor(theirs, await setOf(ctx, theirs), await typedAs(ctx, edit)) };
      },
      checkMember,
    ),
    onForm(
      notUsefulForm,
      async (ctx, who, { carries, values }) => {
        await closeAsNotUseful(ctx, carries, reasonWords(values), who.id);
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

function editOf({
  team,
  age,
  rows,
  change,
  nulls,
  eaters,
}: ReturnType<typeof datasetForm.read>['values']): DatasetEdit {
  const names = eaters.split('\n').map((line) => line.trim());
  return {
    teamId: team ?? null,
    maxAgeHours: age ?? null,
    minRows: rows ?? null,
    maxChangePercent: change ?? null,
    maxNullPercent: nulls ?? null,
    eaters: [...new Set(names)].filter((name) => name !== ''),
  };
}

async function setOf(ctx: Context, dataset: Dataset): Promise<Settings> {
  const eaters = await eatersOf(ctx, dataset.id);
  return await typedAs(ctx, { ...dataset, eaters: eaters.map(({ name }) => name) });
}

async function typedAs(ctx: Context, edit: DatasetEdit): Promise<Settings> {
  const { teamId, eaters, maxAgeHours: age, minRows: rows, maxChangePercent: change, maxNullPercent: nulls } = edit;
  const team = teamId === null ? undefined : await teamById(ctx, teamId);
  return { team: team && { id: team.id, name: team.name }, eaters, age, rows, change, nulls };
}

const looksShown = 5;

async function shown(ctx: Context, dataset: Dataset): Promise<Shown> {
  const [eaters, looks] = [await eatersOf(ctx, dataset.id), await looksOf(ctx, dataset.id, looksShown)];
  const team = dataset.teamId ? await teamById(ctx, dataset.teamId) : undefined;
  const { badMs, warnMs } = ageLimits(dataset, await historyOf(ctx, dataset));
  const limit = badMs ?? warnMs;
  const whose = dataset.maxAgeHours !== null ? 'set here' : dataset.seen.latest ? 'says the tool' : 'as usual';
  const late = limit === null ? 'not known yet' : `after ${hours(limit)}, ${whose}`;
  return { dataset, team, eaters, looks, late };
}
