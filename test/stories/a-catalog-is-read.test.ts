import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, lea, olga, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'http' });
});
afterAll(() => stage.close());

const entity = (name: string, tier: number) =>
  `kind: Component
metadata:
  name: ${name}
  annotations:
    pitcrew.dev/tier: "${tier}"
spec:
  type: ml-model
  owner: group:default/applied ml
`;
const send = (...entities: string[]) => stage.post('/api/v1/catalog', { yaml: entities.join('---\n') });
const dm = (who: string) => () => stage.slack.as(who).dm().join('\n');
const who = async (model: string) => {
  await stage.slack.as(lea).command(`/ml who ${model}`, room);
  return stage.slack.as(lea).ephemerals().at(-1) ?? '';
};

it('a machine posts a catalog: what is new is registered, what stands is proposed to its owner', async () => {
  const { status, body } = await send(entity('eta-model', 2), entity('churn-model', 3), entity('<!channel>', 1));
  expect(status).toBe(202);
  expect(body).toMatchObject({
    accepted: 2,
    registered: ['eta-model'],
    proposed: ['churn-model'],
    rejected: [{ index: 2, reason: expect.stringContaining('mention') }],
  });
  await stage.settle();
  expect(dm(olga)()).toContain('Tier: 3 there, 1 here');
  await expect.poll(() => who('churn-model')).toContain('1, business critical');
  await expect.poll(() => who('eta-model')).toContain('Owner\n@lea');
  await expect.poll(dm(lea)).toContain('A catalog registered eta-model with you as its owner');
});

it('the owner keeps it, and the same file asks no more', async () => {
  await stage.slack.as(olga).press('Keep ours', { channel: 'dm' });
  await stage.settle();
  await expect.poll(dm(olga)).toContain('Kept as it is by @olga');
  expect((await send(entity('churn-model', 3))).body).toMatchObject({ unchanged: ['churn-model'], proposed: [] });
});

it('the owner accepts another one, and the model changes', async () => {
  expect((await send(entity('churn-model', 2))).body).toMatchObject({ proposed: ['churn-model'] });
  await stage.settle();
  await stage.slack.as(olga).press('Accept', { channel: 'dm' });
  await stage.settle();
  await expect.poll(dm(olga)).toContain('Accepted by @olga');
  await expect.poll(() => who('churn-model')).toContain('2, production');
});

it.each([
  [{ yaml: 'a: [' }, 'This is no YAML'],
  [{ yaml: 'kind: Group' }, 'no component of type ml-model'],
  [{ yaml: '' }, 'yaml'],
  [{ text: 'x' }, 'yaml'],
])('%j is refused with a reason', async (given, words) => {
  const { status, body } = await stage.post('/api/v1/catalog', given);
  expect(status).toBe(422);
  expect(JSON.stringify(body)).toContain(words);
});

it('without the token nothing is read', async () => {
  const { status } = await stage.post('/api/v1/catalog', { yaml: entity('x', 1) }, { authorization: 'Bearer no' });
  expect(status).toBe(401);
});

it('a long registry is turned page by page, and what is registered is passed over', async () => {
  for (let i = 0; i < 60; i += 1) {
    await fetch(`${stage.mlflow.url}/api/2.0/mlflow/registered-models/create`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: `a-model-${100 + i}` }),
    });
  }
  const me = stage.slack.as(dev);
  await me.command('/ml models import', room);
  await expect.poll(() => me.ephemerals().at(-1)).toContain('a-model-139');
  expect(me.ephemerals().at(-1)).not.toContain('a-model-140');
  await me.press('More', { channel: room });
  await expect.poll(() => me.modal()).toContain('a-model-159');
  expect(me.modal()).toContain('fraud-model');
  expect(me.modal()).not.toContain('churn-model');
  await me.closeModal();
});

it('in Slack the same is pasted into a form', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml models import-yaml', room);
  await expect.poll(() => me.modal()).toContain('Read a catalog');
  await me.submit({ 'catalog-info.yaml': [entity('price-model', 1), entity('churn-model', 2)].join('---\n') });
  await expect.poll(dm(dev)).toContain('price-model');
  expect(dm(dev)()).toContain('As they are here, or kept so by their owner');
  expect(stage.errors).toEqual([]);
});
