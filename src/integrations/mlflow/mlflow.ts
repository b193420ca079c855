import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { Registry } from '../../ports.ts';
import { type Ask, type MlflowAccess, mlflowClient, type MlflowRequest } from './client.ts';
import { missing, type MlflowError, reported } from './errors.ts';
import { tellUs } from './hooks.ts';
import { versionFacts } from './versions.ts';

const Version = z.union([z.string(), z.number().transform(String)]);
const RegisteredModel = z.object({
  registered_model: z.object({
    aliases: z.array(z.object({ alias: z.string(), version: Version })).default([]),
  }),
});
const RegisteredModels = z.object({
  registered_models: z
    .array(
      z.object({
        name: z.string(),
        description: z.string().default(''),
        tags: z.array(z.object({ key: z.string() })).default([]),
        aliases: z.array(z.object({ alias: z.string(), version: Version })).default([]),
      }),
    )
    .default([]),
  next_page_token: z.string().optional(),
});
const ModelVersions = z.object({
  model_versions: z
    .array(z.object({ version: Version, creation_timestamp: z.coerce.number().pipe(z.coerce.date()) }))
    .default([]),
});
const Anything = z.unknown();

/** MLflow keeps prompts among the models. */
const isPrompt = ({ tags }: { tags: readonly { key: string }[] }) =>
  tags.some(({ key }) => key === 'mlflow.prompt.is_prompt');

/** A message of Slack has at most 50 blocks. */
const listLength = 40;
/** One call says what is live of so many models; MLflow allows 1,000. */
const aliasPageLength = 500;
/** A static select of Slack has at most 100 options. */
const pickerLength = 100;

/** MLflow's model registry, by its REST API 2.0. What it refuses is thrown as a Refusal. */
export function mlflowRegistry(access: MlflowAccess): Registry {
  const ask = mlflowClient(access);
  return {
    name: 'MLflow',
    aliasVersion: async ({ model, alias }) =>
      (await aliasesOf(ask, model)).find((each) => each.alias === alias)?.version,
    setAlias: async ({ model, alias, version }) => {
      const fields = { name: model, alias, version };
      await told(ask, { method: 'POST', path: 'registered-models/alias', fields }, { model, version });
    },
    versionExists: async ({ model, version }) => {
      if (!/^[1-9]\d{0,8}$/.test(version)) return false;
      const answer = await ask(get('model-versions/get', { name: model, version }), Anything);
      if (answer.ok || missing(answer.error)) return answer.ok;
      throw new Refusal(reported(answer.error));
    },
    tagVersion: async ({ model, version, tags }) => {
      for (const [key, value] of Object.entries(tags)) {
        const fields = { name: model, version, key, value };
        await told(ask, { method: 'POST', path: 'model-versions/set-tag', fields }, { model, version });
      }
    },
    models: async (page) => {
      const search = { max_results: `${listLength}`, order_by: 'name ASC', ...(page && { page_token: page }) };
      const answer = await ask(get('registered-models/search', search), RegisteredModels);
      if (!answer.ok) throw new Refusal(reported(answer.error));
      const { registered_models: found, next_page_token: next } = answer.body;
      return { models: found.filter((each) => !isPrompt(each)), ...(next && { next }) };
    },
    versionFacts: (target) => versionFacts(ask, access.url, target),
    aliasPage: async (page) => {
      const search = { max_results: `${aliasPageLength}`, order_by: 'name ASC', ...(page && { page_token: page }) };
      const answer = await ask(get('registered-models/search', search), RegisteredModels);
      if (!answer.ok) throw new Refusal(reported(answer.error));
      const { registered_models: found, next_page_token: next } = answer.body;
      const models = found
        .filter((each) => !isPrompt(each))
        .map(({ name, aliases }) => ({
          name,
          aliases: Object.fromEntries(aliases.map((each) => [each.alias, each.version])),
        }));
      return { models, ...(next && { next }) };
    },
    tellUs: (hook) => tellUs(ask, hook),
    check: async () => {
      const answer = await ask(get('registered-models/search', { max_results: '100' }), RegisteredModels);
      if (!answer.ok) throw new Refusal(reported(answer.error));
      const { registered_models: found, next_page_token: next } = answer.body;
      const count = found.filter((each) => !isPrompt(each)).length;
      return `MLflow, ${next ? 'more than 100' : count} ${count === 1 && !next ? 'model' : 'models'}`;
    },
    recentVersions: async ({ model }) => {
      const aliases = await aliasesOf(ask, model);
      const search = {
        filter: `name=${quoted(model)}`,
        order_by: 'version_number DESC',
        max_results: `${pickerLength}`,
      };
      const answer = await ask(get('model-versions/search', search), ModelVersions);
      if (!answer.ok) throw new Refusal(reported(answer.error));
      return answer.body.model_versions
        .toSorted((a, b) => Number(b.version) - Number(a.version))
        .map(({ version, creation_timestamp: createdAt }) => ({
          version,
          createdAt,
          aliases: aliases.filter((each) => each.version === version).map(({ alias }) => alias),
        }));
    },
  };
}

const get = (path: string, fields: MlflowRequest['fields']): MlflowRequest => ({ method: 'GET', path, fields });

/** By the model, not by the alias: MLflow tells a missing alias from a bad request only in the words of its error. */
async function aliasesOf(ask: Ask, model: string): Promise<readonly { alias: string; version: string }[]> {
  const answer = await ask(get('registered-models/get', { name: model }), RegisteredModel);
  if (answer.ok) return answer.body.registered_model.aliases;
  throw new Refusal(missing(answer.error) ? `MLflow says there is no model named "${model}".` : reported(answer.error));
}

async function told(ask: Ask, request: MlflowRequest, target: { model: string; version: string }): Promise<void> {
  const answer = await ask(request, Anything);
  if (!answer.ok) throw new Refusal(missingVersion(answer.error, target) ?? reported(answer.error));
}

function missingVersion(
  error: MlflowError,
  { model, version }: { model: string; version: string },
): string | undefined {
  return missing(error) ? `MLflow says there is no version ${version} of a model named "${model}".` : undefined;
}

/** MLflow's search has no escape for quotes inside of quotes. */
function quoted(name: string): string {
  if (!name.includes("'")) return `'${name}'`;
  if (!name.includes('"')) return `"${name}"`;
  throw new Refusal(`MLflow cannot search the versions of a model whose name has both kinds of quotes: ${name}`);
}
