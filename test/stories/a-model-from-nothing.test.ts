import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, enzo, lea, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'http' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const base = { Owner: 'dev', 'Name in the registry': 'price-model' };

it.each([
  ['<!channel>', 'mention'],
  ['x'.repeat(150), 'at most 100'],
  ['🚀', 'letter or a digit'],
  ['CHURN-model', 'already registered'],
])('a model named %s is refused under its field', async (name, words) => {
  const me = stage.slack.as(dev);
  await me.command('/ml model register', room);
  await expect.poll(() => me.modal()).toContain('Register a model');
  const { errors } = await me.submit({ ...base, Name: name });
  expect(errors?.['Name']).toContain(words);
  await me.closeModal();
});

it('an owner who is a guest, or a deputy who is the owner, is refused under its field', async () => {
  const me = stage.slack.as(dev);
  stage.slack.setPerson(pia, { kind: 'guest' });
  await me.command('/ml model register price-model', room);
  await expect.poll(() => me.modal()).toContain('Register a model');
  expect((await me.submit({ ...base, Owner: 'pia' })).errors?.['Owner']).toContain('is a guest here');
  expect(Object.values((await me.submit({ Owner: 'dev', Deputy: 'dev' })).errors ?? {}).join()).toContain(
    'somebody else',
  );
  expect(Object.values((await me.submit({ Deputy: 'olga', Links: 'runbook http://x' })).errors ?? {}).join()).toContain(
    'https://',
  );
  await me.submit({ Links: 'runbook https://wiki.example/price', Environments: 'production, staging' });
  await me.command('/ml who price-model', room);
  await expect.poll(told(dev)).toContain('runbook: https://wiki.example/price');
  expect(told(dev)()).toMatch(/May approve a rollback\n@dev, @olga, @lea/);
  expect(told(dev)()).toContain('production, staging');
});

it('of two people who edit it, the later sees both versions and decides', async () => {
  const [first, later] = [stage.slack.as(dev), stage.slack.as(olga)];
  await first.command('/ml model edit price-model', room);
  await later.command('/ml model edit price-model', room);
  await expect.poll(() => later.modal()).toContain('Change a model');
  await first.submit({ 'What it does': 'What a ride costs' });
  await later.submit({ 'What it does': 'Prices of rides' });
  await expect.poll(() => later.modal()).toContain('theirs What a ride costs, yours Prices of rides');
  await later.submit();
  await later.command('/ml who price-model', room);
  await expect.poll(told(olga)).toContain('Prices of rides');
});

it('models of the registry are taken with one click each', async () => {
  const me = stage.slack.as(enzo);
  await me.command('/ml models import', room);
  await expect.poll(told(enzo)).toContain('fraud-model');
  expect(told(enzo)()).not.toContain('churn-model');
  await me.press('Take', { channel: room });
  await expect.poll(told(enzo)).toContain('fraud-model is registered, you own it');
});

it('a catalog-info.yaml is read; what stands is compared, never changed', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml models import-yaml', room);
  await expect.poll(() => me.modal()).toContain('Read a catalog');
  expect(Object.values((await me.submit({ 'catalog-info.yaml': 'a: [' })).errors ?? {}).join()).toContain('no YAML');
  const entity = (name: string, more = '') =>
    `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n${more}spec:\n  type: ml-model\n  owner: group:default/pricing\n`;
  await me.submit({
    'catalog-info.yaml': [
      entity('eta-model', '  links:\n    - url: https://dash.example/eta\n      type: dashboard\n'),
      entity('churn-model'),
      'kind: Group\nmetadata:\n  name: pricing\n',
    ].join('---\n'),
  });
  await expect.poll(() => stage.slack.as(dev).dm().at(-1) ?? '').toContain('eta-model');
  expect(stage.slack.as(dev).dm().at(-1)).toContain('churn-model: owned by pricing there, by Applied ML here');
  await me.command('/ml who eta-model', room);
  await expect.poll(told(dev)).toContain('dashboard: https://dash.example/eta');
});

it('they are listed, found by letters, and orphans come first', async () => {
  const me = stage.slack.as(lea);
  await me.command('/ml models', room);
  await expect.poll(told(lea)).toContain('4 models registered');
  await me.command('/ml models pri', room);
  await expect.poll(told(lea)).toContain('1 model for "pri"');
  stage.slack.setPerson(enzo, { deleted: true });
  await expect
    .poll(async () => {
      await me.command('/ml models orphans', room);
      return told(lea)();
    })
    .toContain('fraud-model – :warning: no owner, was @enzo');
});

it('is found by typing, in a list that Slack asks for', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml models', room);
  await me.press('Find a model', { channel: room });
  await expect.poll(() => me.modal()).toContain('Find a model');
  await me.submit({ Model: 'eta-model' });
  await expect.poll(() => me.modal()).toContain('On duty now');
  await me.closeModal();
});

it('a retired model is listed no more, and only its owner or lead retires it', async () => {
  await stage.slack.as(olga).command('/ml model retire eta-model', room);
  await expect.poll(told(olga)).toContain('Only the owner');
  await stage.slack.as(dev).command('/ml model retire eta-model', room);
  await expect.poll(told(dev)).toContain('eta-model is retired');
  await stage.slack.as(dev).command('/ml who eta-model', room);
  await expect.poll(told(dev)).toContain('No model is registered under the name "eta-model"');
  expect(stage.errors).toEqual([]);
});
