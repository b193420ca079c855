import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, enzo, lea, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const channel = 'inc-1-churn-model';
const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1);
const modal = (who: string) => () => stage.slack.as(who).modal() ?? '';
const inRoom = (words: string) => () =>
  stage.slack
    .as(enzo)
    .channel(channel)
    .findLast((text) => text.includes(words)) ?? '';
const document = inRoom('Post-mortem – ');
const press = (who: string, label: string, containing = 'Post-mortem – ') =>
  stage.slack.as(who).press(label, { channel, containing });
const dm = (who: string) => () => stage.slack.as(who).dm().join('\n');

it('drifts, an incident is declared from the alert, led and resolved', async () => {
  await stage.report(2, 0.4);
  await stage.report(1, 0.5);
  await stage.settle();
  await stage.slack.as(dev).press('Declare incident', { channel: room, containing: 'Drift' });
  await stage.slack.as(dev).submit({ 'What we see': 'Calls go to the wrong people.' });
  await stage.settle();
  await press(olga, 'Take command', 'Incident 1: ');
  await press(olga, 'Resolve', 'Incident 1: ');
  await stage.slack.as(olga).submit({
    'What ended it': 'The feed was put right.',
    'In spite of that, because': 'The alert clears with the next windows.',
  });
  await stage.settle();
  await expect.poll(inRoom('Incident 1: ')).toContain('Resolved by @olga');
});

it('what matters in the channel is pinned to the story, also a reply in a thread, and unpinned again', async () => {
  const me = stage.slack.as(enzo);
  const { ts } = await me.say('The unit of tenure_days is months since noon.', { channel });
  const reply = await me.say('The feed says so itself.', { channel, thread: ts });
  const { ts: other } = await me.say('Who wants coffee?', { channel });
  for (const each of [ts, reply.ts, other]) await stage.slack.as(olga).react('pushpin', channel, each);
  await stage.slack.as(olga).react('pushpin', channel, other);
  await stage.settle();
  expect(stage.slack.calls('conversations.replies').length).toBeGreaterThanOrEqual(2);
});

it('its post-mortem begins with what is known, says what is missing and who sees to it', async () => {
  await press(olga, 'Start post-mortem', 'Incident 1: ');
  await stage.settle();
  await expect.poll(document).toContain('Sees to it\n@olga');
  expect(document()).toContain('Calls go to the wrong people.');
  expect(document()).toContain('drift alert 1 raised');
  expect(document()).toContain('@enzo: said "The unit of tenure_days is months since noon."');
  expect(document()).toContain('@enzo: said "The feed says so itself."');
  expect(document()).not.toContain('coffee');
  await press(olga, 'Ask for review');
  await expect.poll(told(olga)).toContain('Before others read it: "Who and what was affected" is not written yet.');
});

it('two people write the same page at once, and no word is lost', async () => {
  await press(olga, 'Write: Impact');
  await expect.poll(modal(olga)).toContain('Who and what was affected');
  await press(dev, 'Write: Impact');
  await expect.poll(modal(dev)).toContain('what both of you add is kept');
  await stage.slack.as(olga).submit({ 'Who and what was affected': 'Forty calls to the wrong people.' });
  await stage.slack.as(dev).submit({ 'Who and what was affected': 'Two contracts were lost.' });
  await stage.settle();
  await expect.poll(document).toContain('Forty calls to the wrong people.\nTwo contracts were lost.');
});

it('stands as a canvas in the channel, and the canvas follows what is written', async () => {
  stage.slack.fault({
    method: 'conversations.canvases.create',
    kind: 'refused',
    error: 'canvas_disabled_user_team',
    times: 1,
  });
  await stage.slack.as(pia).command('/ml postmortem canvas 1', room);
  await stage.settle();
  await expect.poll(dm(pia)).toContain('Canvases are switched off here');
  await press(dev, 'Canvas');
  await stage.settle();
  await expect.poll(told(dev)).toContain('I am writing the post-mortem of incident 1 into a canvas');
  const canvas = () => stage.slack.as(enzo).canvas(channel) ?? '';
  await expect.poll(canvas).toContain('# Post-mortem of incident 1: churn-model has drifted');
  expect(canvas()).toContain('Two contracts were lost.');
  await expect.poll(inRoom('stands in the canvas of this channel')).toContain('open its tab at the top');
  await press(dev, 'Write: Impact');
  await stage.slack.as(dev).submit({ 'Decisions made on wrong predictions': 'Discounts were given.' });
  await stage.settle();
  await expect.poll(canvas).toContain('Discounts were given.');
  expect(stage.slack.calls('conversations.canvases.create')).toHaveLength(2);
});

it('names what was like it before as people choose', async () => {
  await expect.poll(document).toContain('None that everybody may see looks like it.');
  await press(dev, 'Choose similar');
  await expect.poll(modal(dev)).toContain('Private incidents are not offered');
  await stage.slack.as(dev).submit({});
  await stage.settle();
  await expect.poll(document).toContain('Similar before');
});

it('keeps the measure as it was when the incident was declared and when it ended', async () => {
  await expect.poll(document).toContain('When it was declared (');
  expect(document()).toContain('When it was resolved (');
});

it('is written by several, with factors and promises', async () => {
  await press(dev, 'Write: Detection');
  await stage.slack.as(dev).submit({
    'How we noticed': 'The drift alert, two hours after the first wrong call.',
    'What set it off': 'The feed of tenure_days changed its unit.',
  });
  await press(lea, 'Write: Learning');
  await stage.slack.as(lea).submit({ 'What went well': 'Everybody knew where to look.' });
  for (const [where, which] of [
    ['Data', 'The unit of a feed can change without anybody hearing of it.'],
    ['Evaluation', 'No test looks at the scale of a feature.'],
    ['Serving', 'Enzo Gil forgot to look. Said by mistake.'],
  ] as const) {
    await press(dev, 'Add factor');
    await stage.slack.as(dev).submit({ 'Where it lies': where, 'Which condition': which });
  }
  await press(dev, 'Add factor');
  await expect.poll(modal(dev)).toContain('Said by mistake.');
  await stage.slack.as(dev).press('Take back 3');
  await stage.slack.as(dev).closeModal();
  expect(dm(dev)()).toContain('A person is not a factor. Use the role');
  await press(olga, 'Add commitment');
  await stage.slack.as(olga).submit({
    'What is promised': 'Alert on the unit of every feed',
    'What for': 'Notice it sooner',
    'Who sees to it': enzo,
    'Until when': '2031-03-01',
    'How will we know that it worked': 'A drill with another unit is noticed.',
  });
  await stage.settle();
  await expect.poll(document).toContain('Data: The unit of a feed can change');
  expect(document()).not.toContain('Said by mistake.');
  expect(document()).toContain('Alert on the unit of every feed – @enzo, due 2031-03-01, not accepted yet');
  await expect.poll(dm(enzo)).toContain('@olga asks @enzo to take it on.');
});

it('says which days to leave out, checked under their own field', async () => {
  await press(dev, 'Write: Retraining');
  const wrong = await stage.slack.as(dev).submit({
    'Leave out of the data: first day': '2025-11-09',
    'Leave out of the data: last day': '2025-11-03',
  });
  expect(wrong.errors?.['Leave out of the data: last day']).toBe('The last day lies before the first.');
  await stage.slack.as(dev).submit({
    'Leave out of the data: first day': '2025-11-03',
    'Leave out of the data: last day': '2025-11-09',
  });
  await stage.settle();
  await expect.poll(document).toContain('Leave out of the data: first day: 2025-11-03');
});

it('tells who used wrong predictions once, when who sees to it presses for it', async () => {
  await press(dev, 'Who has to hear');
  await stage.slack.as(dev).submit({ People: [pia], Channels: [room] });
  await stage.settle();
  await expect.poll(document).toContain('@pia (not told yet)');
  expect(dm(pia)()).not.toContain('were wrong');
  await press(dev, 'Tell them');
  await expect.poll(told(dev)).toContain('sees to this post-mortem, and tells them');
  await press(olga, 'Tell them');
  await stage.settle();
  await expect.poll(dm(pia)).toContain('Predictions of churn-model were wrong');
  await expect.poll(() => stage.slack.as(enzo).channel(room).join()).toContain('Predictions of churn-model were wrong');
  await expect.poll(document).toContain('@pia (told');
});

it('promises the test that would have caught it by its button', async () => {
  await press(dev, 'Write: The model');
  await stage.slack.as(dev).submit({ 'Which offline test would have caught it': 'The scale of every feature.' });
  await stage.settle();
  await press(olga, 'Promise it');
  await expect.poll(modal(olga)).toContain('The gate refuses a version like this one.');
  await stage.slack.as(olga).closeModal();
});

it('is reviewed once all promises are accepted, by somebody else than who sees to it', async () => {
  await press(olga, 'Ask for review');
  await expect.poll(told(olga)).toContain('Nobody has said yes to commitment 1 yet.');
  await stage.slack.as(enzo).press('Accept', { channel: 'dm' });
  await stage.settle();
  await press(olga, 'Ask for review');
  await stage.settle();
  await expect.poll(document).toContain('(being reviewed)');
  await expect.poll(told(olga)).toContain('The review is asked for. If you like');
  expect(told(olga)()).toContain('Where did somebody choose between ways to go on');
  for (const other of [dev, enzo, lea])
    expect(stage.slack.as(other).ephemerals().join()).not.toContain('The review is asked for');
  await press(olga, 'Not useful here', 'The review is asked for');
  await expect.poll(told(olga)).toContain('That is not asked again at this place.');
  await press(olga, 'Reviewed');
  await expect.poll(told(olga)).toContain('so somebody else says that it is reviewed');
  await press(lea, 'Reviewed');
  await stage.settle();
  await expect.poll(document).toContain('(reviewed)');
  await press(olga, 'Close');
  await stage.settle();
  await expect.poll(document).toContain('(closed)');
  await expect.poll(inRoom('Commander')).toContain('Closed, resolved');
});

it('what was asked is counted by rule, without a name, and a rule is switched off for everybody', async () => {
  await stage.slack.as(lea).command('/ml postmortem rules', room);
  await expect.poll(modal(lea)).toContain('no line of the timeline is tagged as a decision');
  expect(modal(lea)()).toMatch(/C4: no line[^[]*Asked at 1 place: 1 not useful\./);
  expect(modal(lea)()).toMatch(/S0: a person[^[]*Asked at 1 place: 1 edited\./);
  await stage.slack.as(lea).press('Switch off L1');
  await expect.poll(modal(lea)).toContain('L1, off: "human error"');
  expect(modal(lea)()).toContain('[Switch on L1]');
  await stage.slack.as(lea).closeModal();
  expect(stage.slack.as(lea).modal()).toBeUndefined();
});

it('the promise goes on: done with what shows it, and seen by another', async () => {
  await stage.slack.as(pia).command('/ml commitments', room);
  await expect.poll(told(pia)).toContain('Alert on the unit of every feed');
  await stage.slack.as(enzo).press('Done', { channel: 'dm' });
  await stage.slack.as(enzo).submit({ 'What shows it': 'The drill of today was noticed in 4 minutes.' });
  await stage.settle();
  await stage.slack.as(dev).press('It worked', { channel: room, containing: 'Commitment 1' });
  await stage.settle();
  await expect.poll(dm(enzo)).toContain('Done, seen by @dev: The drill of today was noticed in 4 minutes.');
  await stage.slack.as(pia).command('/ml commitments', room);
  await expect.poll(told(pia)).toContain('No commitment is open.');
  expect(stage.errors).toEqual([]);
});
