import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { declare } from '../../src/features/incidents/declaring/changes.ts';
import { resolve } from '../../src/features/incidents/changes.ts';
import { takeCommand } from '../../src/features/incidents/roles/changes.ts';
import { modelNamed } from '../../src/features/models/queries.ts';
import { poll } from '../../src/features/postmortems/poll/doors.ts';
import { addFactor } from '../../src/features/postmortems/writing/changes.ts';
import { postmortems } from '../../src/features/postmortems/schema.ts';
import { start } from '../../src/features/postmortems/store.ts';
import { voices } from '../../src/features/postmortems/voices/doors.ts';
import { whereStands } from '../../src/messages/announce.ts';
import { allRows } from '../support/all-rows.ts';
import { dev, enzo, lea, olga, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket', secretKey: randomBytes(32).toString('base64') });
});
afterAll(() => stage.close());

const channel = 'inc-1-churn-model';
const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const modal = (who: string) => () => stage.slack.as(who).modal() ?? '';
const document = () =>
  stage.slack
    .as(enzo)
    .channel(channel)
    .findLast((text) => text.includes('Post-mortem – ')) ?? '';
const press = (who: string, label: string) =>
  stage.slack.as(who).press(label, { channel, containing: 'Post-mortem – ' });
/** What the clock does every half hour. */
const halfHour = async () => {
  for (const job of [...(voices.jobs ?? []), ...(poll.jobs ?? [])]) await job.run(stage.app.context, new Date());
  await stage.settle();
};
/** What was written meanwhile, wherever it was. */
async function writtenDuring(work: () => Promise<void>): Promise<string[]> {
  const before = new Set(await allRows(stage.app.context.db));
  await work();
  return (await allRows(stage.app.context.db)).filter((row) => !before.has(row));
}
const whole = 'Nobody dared to say that the runbook is of 2023.';

it('an incident is over, and its post-mortem begun', async () => {
  const ctx = stage.app.context;
  const { id: modelId } = await modelNamed(ctx, 'churn-model');
  const about = { title: 'Scores are off', summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
  const { incident } = await declare(ctx, { ...about, modelId, onset: ctx.now() }, dev);
  await takeCommand(ctx, incident.id, olga);
  await resolve(ctx, incident.id, 'The feed was put right.', '', olga);
  await stage.settle();
  const { id } = await start(ctx, incident.id, olga);
  await addFactor(ctx, id, { category: 'data', statement: 'No check of units', evidence: '' }, enzo);
  await ctx.db.update(postmortems).set({ facilitatorId: lea });
  await stage.settle();
  await expect.poll(document).toContain('Said without a name: nothing so far');
});

it('somebody says something, and their name is written nowhere', async () => {
  const dms = stage.slack.as(enzo).dm().length;
  const written = await writtenDuring(async () => {
    await press(enzo, 'Say it without your name');
    await expect.poll(modal(enzo)).toContain('Pitcrew keeps your words and the day, and not who wrote them.');
    expect(modal(enzo)()).toContain('an administrator of this Slack workspace can see when you are online');
    await stage.slack.as(enzo).submit({ 'In your words': whole });
    await expect.poll(modal(enzo)).toContain('It is kept, and your name is not.');
    await stage.slack.as(enzo).closeModal();
    await stage.settle();
  });
  expect(written.filter((row) => row.includes(enzo) || /enzo/i.test(row))).toEqual([]);
  // The words in one row, and that this form came in, by a hash and on a day.
  expect(new Set(written.map((row) => row.split(' ')[0]))).toEqual(new Set(['inbox', 'postmortem_voices']));
  expect(written).toHaveLength(2);
  for (const row of written) expect(row).not.toMatch(/\d\d:\d\d:(?!00)\d\d/);
  expect(stage.slack.as(enzo).dm()).toHaveLength(dms);
  expect(told(enzo)()).not.toContain('kept');
  expect(stage.logged.filter((line) => line.includes(enzo) || line.includes(whole))).toEqual([]);
});

it('everybody sees a number, who runs the review reads it, and nobody learns who', async () => {
  const written = await writtenDuring(halfHour);
  expect(written.filter((row) => row.startsWith('ledger ')).join()).toContain('said without a name');
  // The card names who wrote on the document, as it did before.
  const others = written.filter((row) => !row.startsWith('messages '));
  expect(others.filter((row) => row.includes(enzo))).toEqual([]);
  await expect.poll(document).toContain('Said without a name: 1 to be looked at');
  expect(document()).not.toContain('runbook');
  await press(dev, 'Read what was said');
  await expect.poll(told(dev)).toContain('is read by @lea, who runs the review, and @olga');
  await press(lea, 'Read what was said');
  await expect.poll(modal(lea)).toContain(whole);
  expect(modal(lea)()).not.toContain('enzo');
});

it('who runs it takes the point over into a section, in words that could be anybody’s', async () => {
  await stage.slack.as(lea).press('Take over 1');
  await expect.poll(modal(lea)).toContain('As it is to be read');
  await stage.slack
    .as(lea)
    .submit({ 'Into which section': 'What was difficult', 'As it is to be read': 'The runbook was of 2023.' });
  await expect.poll(modal(lea)).toContain('All of it is looked at.');
  await stage.slack.as(lea).closeModal();
  await stage.settle();
  await expect.poll(document).toContain('The runbook was of 2023.');
  expect(document()).toContain('Said without a name: 1 taken over');
});

it('when it cannot be kept, the log has neither the words nor who wrote them', async () => {
  const { db } = stage.app.context;
  const words = 'A second thing that only I know.';
  await press(enzo, 'Say it without your name');
  await db.execute(sql`alter table postmortem_voices rename column text to words`);
  await stage.slack.as(enzo).submit({ 'In your words': words });
  await expect.poll(modal(enzo)).toContain('reference');
  await db.execute(sql`alter table postmortem_voices rename column words to text`);
  expect(stage.errors).toEqual([expect.stringContaining('something broke, reference')]);
  expect(stage.logged.filter((line) => line.includes(enzo) || line.includes(words))).toEqual([]);
  expect(stage.logged.join()).toContain('broke with code 42703');
  await stage.slack.as(enzo).closeModal();
});

it('after the meeting they are asked what they learnt, and what they answer is written beside no name', async () => {
  const { db } = stage.app.context;
  await db.update(postmortems).set({ pollAt: new Date() });
  await stage.settle();
  await expect.poll(() => stage.slack.as(enzo).dm().join('\n')).toContain('Did you learn something?');
  /** Without what only they see, and Slack forgets. */
  const kept = () =>
    stage.slack
      .as(enzo)
      .dm()
      .filter((text) => !text.includes('it counts.'));
  const dms = kept();
  const written = await writtenDuring(async () => {
    await stage.slack.as(enzo).press('No', { channel: 'dm', containing: 'Did you learn something?' });
    await expect.poll(told(enzo)).toContain('"Did you learn something?" No: it counts.');
    await stage.slack.as(enzo).press('Yes', { channel: 'dm', containing: 'Did you learn something?' });
    await expect.poll(told(enzo)).toContain('"Did you learn something?" Yes: it counts.');
    await stage.settle();
  });
  expect(written.map((row) => row.split(' ')[0])).toEqual(['poll_answers']);
  expect(written.join()).not.toMatch(/U04ENZO|enzo/i);
  expect(kept()).toEqual(dms);
  for (const each of [olga, lea]) {
    await stage.slack.as(each).press('Yes', { channel: 'dm', containing: 'Did you learn something?' });
    await expect.poll(told(each)).toContain('Yes: it counts.');
  }
  await halfHour();
  const [pm] = await db.select().from(postmortems);
  const card = await whereStands(stage.app.context, `postmortem:${pm?.id}`);
  const thread = () =>
    stage.slack
      .as(dev)
      .thread(channel, card?.ts ?? '')
      .join('\n');
  await expect.poll(thread).toContain('Did you learn something? 3 of 3 said yes');
  expect(stage.logged.filter((line) => line.includes(enzo))).toEqual([]);
  expect(stage.errors).toHaveLength(1);
  expect(stage.slack.as(dev).channel(room).join()).not.toContain('runbook');
});
