import { expect, it } from 'vitest';
import { readMlflowEvent } from '../../src/integrations/mlflow/web-hook.ts';

const event = {
  entity: 'model_version_alias',
  action: 'created',
  timestamp: '2026-04-01T08:00:00.000001+00:00',
  data: { name: 'churn', alias: 'champion', version: '7' },
};
const bodyOf = (more: object) => JSON.stringify({ ...event, ...more });
const refused = (field: string) => expect.objectContaining({ name: 'Refusal', field });

it('what is not known changes nothing', () => {
  const more = { workspace: 'team-a', data: { ...event.data, tags: { a: '1' }, source: null } };
  expect(readMlflowEvent(bodyOf(more))).toEqual(readMlflowEvent(bodyOf({})));
});

it('the bytes are read as the text is', () => {
  expect(readMlflowEvent(Buffer.from(bodyOf({})))).toEqual(readMlflowEvent(bodyOf({})));
});

it('a version may be a number, and null where an alias lost it', () => {
  const { data } = event;
  expect(readMlflowEvent(bodyOf({ data: { ...data, version: 7 } }))[0]?.version).toBe('7');
  const [deleted] = readMlflowEvent(bodyOf({ action: 'deleted', data: { ...data, version: null } }));
  expect(deleted).toMatchObject({ action: 'deleted', alias: 'champion' });
  expect(deleted).not.toHaveProperty('version');
});

it('names come through as they are', () => {
  const name = `<!channel>${'x'.repeat(100_000)}`;
  expect(readMlflowEvent(bodyOf({ data: { ...event.data, name } }))[0]?.name).toBe(name);
});

it.each([
  ['prompt', 'created'],
  ['prompt_version', 'created'],
  ['prompt_alias', 'created'],
  ['registered_model_tag', 'set'],
  ['model_version_tag', 'deleted'],
  ['budget_policy', 'exceeded'],
  ['something', 'new'],
])('%s.%s is nothing to us, whatever it holds', (entity, action) => {
  expect(readMlflowEvent(bodyOf({ entity, action, data: 'x' }))).toEqual([]);
});

it.each([
  [{ timestamp: '2026-04-01T08:00:00' }, 'timestamp'],
  [{ entity: undefined }, 'entity'],
  [{ action: 3 }, 'action'],
  [{ data: null }, 'data'],
  [{ data: { ...event.data, name: '' } }, 'data.name'],
  [{ data: { name: 'churn' } }, 'data.alias'],
])('%j is refused by its field', (more, field) => {
  expect(() => readMlflowEvent(bodyOf(more))).toThrow(refused(field));
});

it.each(['', '{', '[]', '1', 'null'])('%j is no event', (body) => {
  expect(() => readMlflowEvent(body)).toThrow(refused('body'));
});
