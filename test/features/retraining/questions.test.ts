import { describe, expect } from 'vitest';
import { actions } from '../../../src/actions.ts';
import { retraining } from '../../../src/features/retraining/doors.ts';
import { followNext } from '../../../src/features/retraining/following.ts';
import { keepPerson } from '../../../src/features/teams/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import type { LocalQuestion } from '../../../src/local-airflow/world.ts';
import { type House, it } from '../../support/house.ts';
import { type Workshop, workshop } from './support.ts';

const good: LocalQuestion = { task: 'look', subject: 'Is the new model good?', body: 'AUC 0.93' };

interface Asked extends Workshop {
  readonly runId: string;
  /** What stands in the thread of the card about the question. */
  thread(): Promise<string>;
  answer(by: string, option?: string): Promise<void>;
}

async function asked(house: House, question = good): Promise<Asked> {
  const shop = await workshop(house);
  const { id } = await shop.ask();
  await shop.look();
  const runId = `pitcrew-${id}`;
  shop.airflow.ask(runId, question);
  await shop.look();
  const door = retraining.actions?.find((each) => each.id === actions.answerRun.id);
  if (!door) throw new Error('no door answers');
  return {
    ...shop,
    runId,
    thread: async () => (await house.said(`training:${id}:question`)).join('\n'),
    answer: async (by, option = 'Approve') => {
      const value = { runId: id, key: `${question.task}:-1`, option };
      await door.prepare(shop.ctx, { id: by }, value);
      await door.handle(shop.ctx, { id: by }, value);
    },
  };
}

describe('a run that waits for a person', () => {
  it('asks in the thread, and takes the answer from there with a name', async ({ house }) => {
    const shop = await asked(house);
    expect(await shop.thread()).toContain(':question: *Is the new model good?*\nAUC 0.93\n[Approve]\n[Reject]');
    await shop.answer('PROD', 'Reject');
    expect(shop.airflow.runs()[0]?.questions).toMatchObject([
      { answer: { options: ['Reject'] }, note: 'answered in Slack by PROD' },
    ]);
    expect(await shop.thread()).toBe(
      ':white_check_mark: *Is the new model good?* <@PROD> answered *Reject* in Airflow.',
    );
    expect((await linesOf(house.ctx.db, 'T1')).at(-1)).toMatchObject({
      who: 'PROD',
      summary: 'training 1: answered "Reject" to "Is the new model good?"',
    });
    await shop.look();
    expect(await shop.thread()).toContain('<@PROD> answered');
    await expect(shop.answer('ENGI')).rejects.toThrow('This was answered already.');
  });

  it('is answered by the team only', async ({ house }) => {
    const shop = await asked(house);
    await keepPerson(shop.ctx, { id: 'STRA', name: 'Sam', zone: 'UTC', standing: 'member' });
    await expect(shop.answer('STRA')).rejects.toThrow('Only members of the team that owns this model');
    expect(shop.airflow.runs()[0]?.questions[0]?.answer).toBeUndefined();
  });

  it('that was answered in Airflow says so here, before and after anybody looks', async ({ house }) => {
    const shop = await asked(house);
    shop.airflow.answer(shop.runId, { task: 'look', option: 'Approve', by: 'mara' });
    await expect(shop.answer('ENGI', 'Reject')).rejects.toThrow('mara answered this in Airflow already: Approve.');
    await shop.look();
    expect(await shop.thread()).toBe(':white_check_mark: *Is the new model good?* was answered in Airflow.');
  });

  it('whose end comes before the answer takes the question back', async ({ house }) => {
    const shop = await asked(house);
    shop.airflow.finish(shop.runId, 'failed', { failedTasks: ['look'] });
    await shop.look();
    expect(await shop.thread()).toBe('*Is the new model good?* is not asked any more: training 1 is over.');
    await expect(shop.answer('ENGI')).rejects.toThrow('This was answered already.');
  });

  it('a look that began before the answer does not ask again', async ({ house }) => {
    const shop = await asked(house);
    const airflow: typeof shop.ctx.tools.airflow = (access) => {
      const pipelines = shop.ctx.tools.airflow(access);
      return {
        ...pipelines,
        questions: async (...of) => {
          const found = await pipelines.questions(...of);
          await shop.answer('ENGI');
          return found;
        },
      };
    };
    house.later(1);
    await followNext({ ...shop.ctx, tools: { ...shop.ctx.tools, airflow } });
    expect(await shop.thread()).toContain('<@ENGI> answered *Approve*');
    expect(await shop.now()).toMatchObject({ questions: [] });
    expect(await shop.look()).toBe(true);
  });

  it('for whoever its task names says that, and passes on that it must be answered there', async ({ house }) => {
    const shop = await asked(house, { ...good, assigned: ['mara'] });
    expect(await shop.thread()).toContain('Airflow takes the answer of mara only.');
    await expect(shop.answer('ENGI')).rejects.toThrow('please answer it in Airflow');
  });

  it('with more than a choice leads to its form in Airflow', async ({ house }) => {
    const shop = await asked(house, { ...good, params: { threshold: '0.5' } });
    expect(await shop.thread()).toContain(
      `Please answer it <${shop.airflow.url}/dags/train/runs/${shop.runId}|in Airflow>.`,
    );
    expect(await shop.thread()).not.toContain('[');
  });
});
