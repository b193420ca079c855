import { afterAll, beforeAll, expect, it } from 'vitest';
import { tellLeads } from '../../src/features/duties/store.ts';
import { teams } from '../../src/features/teams/schema.ts';
import { leaveTeam } from '../../src/features/teams/store.ts';
import { setAway } from '../../src/features/teams/away/changes.ts';
import { dev, enzo, lea, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const mei = 'U06MEI';
const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
/** Around now, so that the lead is at work whenever this runs. */
const hour = (add: number) => `${String((new Date().getUTCHours() + 24 + add) % 24).padStart(2, '0')}:00`;
const words = () =>
  stage.slack
    .as(lea)
    .dm()
    .filter((said) => said.includes('this week'));
const word = () => words().join('\n');

it('the team sees what it lacks, and only who asked sees the answer', async () => {
  await stage.slack.as(dev).command('/ml coverage', room);
  await expect.poll(told(dev)).toContain('What Applied ML lacks');
  expect(told(dev)()).toMatch(/One person only: only @enzo can do this \(churn-model\)[^•]*• look after the serving/);
  expect(told(dev)()).toContain('Could help: @');
  expect(stage.slack.as(olga).channel(room).join('\n')).not.toContain('lacks');
});

it('somebody is named for a duty; a wrong word is answered with the nearest', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml duty deploy.infr <@U04ENZO> churn-model', room);
  await expect.poll(told(dev)).toContain('I know no duty "deploy.infr". Near are deploy.infra');
  await me.command('/ml duty deploy.infra enzo', room);
  await expect.poll(told(dev)).toContain('Name the person with an @');
  await me.command('/ml duty deploy.infra <@U04ENZO> churn-model', room);
  await expect.poll(told(dev)).toContain('@enzo is named to look after the serving infrastructure, for churn-model');
  await me.command('/ml duty deploy.infra <@U02DEV> churn-model', room);
  await me.command('/ml coverage churn-model', room);
  await expect.poll(told(dev)).toContain('What churn-model lacks');
  expect(told(dev)()).not.toContain('look after the serving infrastructure');
  expect(told(dev)()).toContain('watch latency, memory and throughput');
});

it('the lead hears of it once a week and closes a gap from there', async () => {
  const { context: ctx } = stage.app;
  await ctx.db.update(teams).set({ hoursFrom: hour(-1), hoursTo: hour(2), workdays: [1, 2, 3, 4, 5, 6, 7] });
  await leaveTeam(ctx, (await ctx.db.select().from(teams))[0]?.id ?? '', pia, pia);
  await tellLeads(ctx);
  await tellLeads(ctx);
  await stage.settle();
  const me = stage.slack.as(lea);
  expect(words()).toHaveLength(1);
  expect(word()).toContain('What Applied ML lacks this week');
  expect(word()).toMatch(
    /Not held: nobody is named to do this, and nobody has the role Product manager[^•]*• agree on the goal/,
  );
  await me.press('Assign', { channel: 'dm' });
  await expect.poll(() => me.modal()).toContain('agree on the goal and the metric that stands for it');
  await me.submit({ People: ['@olga', '@dev'] });
  await stage.settle();
  expect(word()).not.toContain('Not held');
  expect(word()).toContain('Applied ML');
  expect(words()).toHaveLength(1);
});

it('another gap is accepted for a while, with a reason', async () => {
  const me = stage.slack.as(lea);
  await me.press('Accept this gap until …', { channel: 'dm' });
  await expect.poll(() => me.modal()).toContain('Accept this gap');
  const wrong = await me.submit({ Until: day(-2), Why: 'the new product manager starts soon' });
  expect(wrong.errors?.['Until']).toContain('over already');
  await me.submit({ Until: day(30) });
  await stage.settle();
  await me.command('/ml coverage', room);
  await expect.poll(told(lea)).toContain('Accepted for now');
  expect(told(lea)()).toContain(`until ${day(30)}: the new product manager starts soon`);
});

it('the matrix is turned by stages, and a duty is changed for this team', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml duties', room);
  await expect.poll(() => me.modal()).toContain('Framing – duties of Applied ML, page 1 of 11');
  await me.press('Next: Data');
  await expect.poll(() => me.modal()).toContain('Input pipelines have a named owner and tests');
  await me.press('Edit');
  await expect.poll(() => me.modal()).toContain('Change a duty');
  const wrong = await me.submit({ 'Kept apart from': ['data.pipeline'] });
  expect(wrong.errors?.['Kept apart from']).toContain('cannot be kept apart from itself');
  await me.submit({
    'Does it': ['ML engineer', 'Data engineer'],
    'Asked of models of tier': ['1'],
    'Kept apart from': [],
  });
  await expect.poll(() => me.modal()).toContain('Does it: ML engineer, Data engineer');
  expect(me.modal()).toContain('Asked of models of tier 1.');
  expect(me.modal()).toContain('Changed by @dev');
});

it('when somebody is away for long, the duty is said to need somebody, not the person to be at fault', async () => {
  // From yesterday: it is not the same day everywhere.
  await setAway(stage.app.context, enzo, day(-1), day(40), '');
  await stage.slack.as(dev).command('/ml coverage', room);
  await expect
    .poll(told(dev))
    .toMatch(/Nobody there: nobody who is there can do this[^•]*•[^•]*• carry out a rollback/);
  expect(told(dev)()).toMatch(/only @dev can do this[^•]*• look after the serving/);
});

it('who is not in the team is told whom to ask', async () => {
  await leaveTeam(stage.app.context, (await stage.app.context.db.select().from(teams))[0]?.id ?? '', mei, mei);
  await stage.slack.as(mei).command('/ml coverage Applied ML', room);
  await expect.poll(told(mei)).toContain('shown to its own people only. Ask the lead of Applied ML');
  expect(stage.errors).toEqual([]);
});
