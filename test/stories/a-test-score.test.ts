import { afterAll, beforeAll, expect, it } from 'vitest';
import { enzo, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

it('a team sees how well its model is tested, answers a question, and the score moves', async () => {
  const me = stage.slack.as(enzo);
  await me.command('/ml score churn-model', room);
  await expect.poll(() => me.ephemerals().at(-1)).toContain('has an ML Test Score of 0 of 7: a research project');
  expect(me.ephemerals().at(-1)).toContain('What raises it most:');

  await me.press('Building', { containing: 'ML Test Score' });
  await expect.poll(() => me.modal()).toContain('Is it good enough for every group that matters?');
  expect(me.modal()).toContain('Nobody answered yet.');
  await me.press('Answer');
  await expect.poll(() => me.modal()).toContain('How it is');
  expect(me.modal()).toContain('Is every change of the model reviewed');
  const refused = await me.submit({ 'How it is': 'Done by hand and written down' });
  expect(refused.errors?.['Where it can be seen']).toContain('Give a link');
  await me.submit({
    'How it is': 'Done by hand and written down',
    'Where it can be seen': 'https://git.example/reviews',
  });
  await expect.poll(() => me.dm().join('\n')).toContain('Kept. churn-model has an ML Test Score of 0 of 7.');
  expect(stage.errors).toEqual([]);
});
