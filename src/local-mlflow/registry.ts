interface LocalVersion {
  version: string;
  tags?: Record<string, string>;
  run_id?: string;
  /** What its training run logged; a run is there where one of these is. */
  metrics?: Record<string, number | string>;
  /** Name → digest. */
  datasets?: Record<string, string>;
  /** Milliseconds since the epoch; the start of the stand-in unless said. */
  creation_timestamp?: number;
}

export interface LocalModel {
  name: string;
  tags?: Record<string, string>;
  versions: LocalVersion[];
  /** Alias → version. */
  aliases: Record<string, string>;
}

export interface LocalHook {
  webhook_id: string;
  name: string;
  url: string;
  secret: string;
  status: string;
}

interface LocalRun {
  metrics: Record<string, number | string>;
  datasets: Record<string, string>;
}

export type Store = Map<string, LocalModel> & { hooks?: LocalHook[]; runs?: Map<string, LocalRun> };

interface Answer {
  readonly status: number;
  /** Text is a page of HTML. */
  readonly body: object | string;
}

type Fields = Readonly<Record<string, unknown>>;
type Operation = (store: Store, fields: Fields) => Answer;

export function storeOf(models: readonly LocalModel[]): Store {
  const now = Date.now();
  const store: Store = new Map();
  for (const model of structuredClone(models)) {
    const versions = model.versions.map((each) => ({
      creation_timestamp: now,
      ...((each.metrics || each.datasets) && { run_id: `run-of-${model.name}-${each.version}` }),
      ...each,
    }));
    store.set(model.name, { ...model, versions });
  }
  return store;
}

/** Answers, words and statuses as MLflow 3.17.2 gives them. */
export function answerOf(store: Store, asked: { method: string; path: string; fields: Fields }): Answer {
  const { method, path, fields } = asked;
  const hook = /^webhooks\/(.+)$/.exec(path)?.[1];
  if (hook !== undefined && method === 'PATCH') return changeHook(store, hook, fields);
  const operation = operations.get(`${method} ${path}`);
  if (operation) return operation(store, fields);
  const known = [...operations.keys()].some((key) => key.endsWith(` ${path}`));
  const title = known ? '405 Method Not Allowed' : '404 Not Found';
  return { status: known ? 405 : 404, body: `<!doctype html>\n<html lang=en>\n<title>${title}</title>\n` };
}

const ok = (body: object): Answer => ({ status: 200, body });
const no = (status: number, code: string, message: string): Answer => ({ status, body: { error_code: code, message } });

const invalid = (message: string) => no(400, 'INVALID_PARAMETER_VALUE', message);
const noModel = (name: string) => no(404, 'RESOURCE_DOES_NOT_EXIST', `Registered Model with name=${name} not found`);
const noVersion = (name: string, version: string) =>
  no(404, 'RESOURCE_DOES_NOT_EXIST', `Model Version (name=${name}, version=${version}) not found`);

const operations = new Map<string, Operation>([
  ['POST registered-models/create', asking(['name'], createModel)],
  ['GET registered-models/get', asking(['name'], (store, { name }) => withModel(store, name, modelAnswer))],
  ['GET registered-models/search', searchModels],
  ['POST model-versions/create', asking(['name', 'source'], createVersion)],
  ['GET model-versions/get', asking(['name', 'version'], (store, asked) => withVersion(store, asked, versionAnswer))],
  ['DELETE model-versions/delete', asking(['name', 'version'], deleteVersion)],
  ['GET model-versions/search', searchVersions],
  ['POST model-versions/set-tag', asking(['name', 'version', 'key'], setTag)],
  ['DELETE model-versions/delete-tag', asking(['name', 'version', 'key'], deleteTag)],
  ['GET registered-models/alias', asking(['name', 'alias'], getAlias)],
  ['POST registered-models/alias', asking(['name', 'alias', 'version'], setAlias)],
  ['DELETE registered-models/alias', asking(['name', 'alias'], deleteAlias)],
  ['GET runs/get', asking(['run_id'], getRun)],
  ['POST runs/create', createRun],
  ['POST runs/log-batch', asking(['run_id'], logBatch)],
  ['POST runs/log-inputs', asking(['run_id'], logInputs)],
  ['GET webhooks', (store) => ok(listed('webhooks', (store.hooks ?? []).map(hookShape)))],
  ['POST webhooks', asking(['name', 'url'], createHook)],
]);

/** Checks that the fields are there and text, before the operation. */
function asking<Name extends string>(
  names: readonly Name[],
  operation: (store: Store, asked: Record<Name, string>, fields: Fields) => Answer,
): Operation {
  return (store, fields) => {
    const asked: Partial<Record<Name, string>> = {};
    for (const name of names) {
      const value = fields[name];
      if (value === undefined || value === '') {
        return invalid(
          `Missing value for required parameter '${name}'. See the API docs for more information about request parameters.`,
        );
      }
      if (typeof value !== 'string') {
        return invalid(
          `Invalid value ${JSON.stringify(value)} for parameter '${name}' supplied:  Hint: Value was of type '${typeof value === 'number' ? 'int' : typeof value}'. See the API docs for more information about request parameters.`,
        );
      }
      asked[name] = value;
    }
    return isComplete(asked, names) ? operation(store, asked, fields) : invalid('Missing value');
  };
}

function isComplete<Name extends string>(
  asked: Partial<Record<Name, string>>,
  names: readonly Name[],
): asked is Record<Name, string> {
  return names.every((name) => name in asked);
}

function withModel(store: Store, name: string, use: (model: LocalModel) => Answer): Answer {
  const model = store.get(name);
  return model ? use(model) : noModel(name);
}

function withVersion(
  store: Store,
  { name, version }: { name: string; version: string },
  use: (found: LocalVersion, model: LocalModel) => Answer,
): Answer {
  if (!/^-?\d+$/.test(version)) return invalid(`Parameter 'version' must be an integer, got '${version}'.`);
  const model = store.get(name);
  const found = model?.versions.find((each) => Number(each.version) === Number(version));
  return model && found ? use(found, model) : noVersion(name, version);
}

const listed = (key: string, list: readonly object[]) => (list.length > 0 ? { [key]: list } : {});
const pairs = (record: Record<string, string>, first: string, second: string) =>
  Object.entries(record).map(([key, value]) => ({ [first]: key, [second]: value }));

function modelShape(model: LocalModel): object {
  const newest = model.versions.toSorted((a, b) => Number(b.version) - Number(a.version)).slice(0, 1);
  const times = model.versions.map(({ creation_timestamp: time = 0 }) => time);
  return {
    name: model.name,
    creation_timestamp: Math.min(...times, Date.now()),
    last_updated_timestamp: Math.max(...times, 0),
    ...listed(
      'latest_versions',
      newest.map((version) => versionShape(model, version)),
    ),
    ...listed('aliases', pairs(model.aliases, 'alias', 'version')),
    ...listed('tags', pairs(model.tags ?? {}, 'key', 'value')),
  };
}

function modelAnswer(model: LocalModel): Answer {
  return ok({ registered_model: modelShape(model) });
}

function versionShape(
  model: LocalModel,
  { version, tags = {}, run_id = '', creation_timestamp = 0 }: LocalVersion,
): object {
  return {
    name: model.name,
    version,
    creation_timestamp,
    last_updated_timestamp: creation_timestamp,
    current_stage: 'None',
    description: '',
    source: `models:/${model.name}/${version}`,
    run_id,
    status: 'READY',
    ...listed('tags', pairs(tags, 'key', 'value')),
    run_link: '',
  };
}

function versionAnswer(version: LocalVersion, model: LocalModel): Answer {
  const aliases = Object.keys(model.aliases).filter((alias) => model.aliases[alias] === version.version);
  return ok({ model_version: { ...versionShape(model, version), ...(aliases.length > 0 && { aliases }) } });
}

function createModel(store: Store, { name }: { name: string }): Answer {
  if (/[/:]/.test(name)) return invalid(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  if (store.has(name)) return no(400, 'RESOURCE_ALREADY_EXISTS', `Registered Model (name=${name}) already exists.`);
  const model: LocalModel = { name, versions: [], aliases: {} };
  store.set(name, model);
  return modelAnswer(model);
}

function createVersion(store: Store, { name }: { name: string }, fields: Fields): Answer {
  return withModel(store, name, (model) => {
    const last = Math.max(0, ...model.versions.map(({ version }) => Number(version)));
    const run = typeof fields['run_id'] === 'string' ? { run_id: fields['run_id'] } : {};
    const version: LocalVersion = { version: `${last + 1}`, creation_timestamp: Date.now(), ...run };
    model.versions.push(version);
    return ok({ model_version: versionShape(model, version) });
  });
}

/** Its aliases go with it. */
function deleteVersion(store: Store, asked: { name: string; version: string }): Answer {
  return withVersion(store, asked, (version, model) => {
    model.versions = model.versions.filter((each) => each !== version);
    model.aliases = Object.fromEntries(Object.entries(model.aliases).filter(([, each]) => each !== version.version));
    return ok({});
  });
}

/** In the order of names; the token of a page is where it begins. */
function searchModels(store: Store, fields: Fields): Answer {
  const from = Number(fields['page_token'] ?? 0);
  const most = Number(fields['max_results'] ?? 100);
  if (!Number.isInteger(from)) return invalid('Invalid page token, could not base64-decode');
  const all = [...store.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const page = all.slice(from, from + most).map(modelShape);
  return ok({
    ...listed('registered_models', page),
    ...(all.length > from + most && { next_page_token: `${from + most}` }),
  });
}

/** Only the filter `name='…'` or `name="…"`, and the order of version numbers; MLflow leaves the aliases out. */
function searchVersions(store: Store, fields: Fields): Answer {
  const filter = typeof fields['filter'] === 'string' ? fields['filter'] : '';
  const quoted = /^(\w+)\s*=\s*(?:'([^']*)'|"([^"]*)")$/.exec(filter.trim());
  if (filter !== '' && quoted?.[1] !== 'name') {
    return invalid(
      `Invalid attribute key '${quoted?.[1] ?? filter}' specified. Valid keys are '{'run_id', 'source_path', 'name', 'version_number'}'`,
    );
  }
  const name = quoted?.[2] ?? quoted?.[3];
  const models = [...store.values()].filter((model) => name === undefined || model.name === name);
  const found = models.flatMap((model) => model.versions.map((version) => ({ model, version })));
  const order = fields['order_by'];
  const down = typeof order === 'string' && order.endsWith('DESC') ? -1 : 1;
  found.sort((a, b) => down * (Number(a.version.version) - Number(b.version.version)));
  const most = Number(fields['max_results'] ?? 10_000);
  const page = found.slice(0, most).map(({ model, version }) => versionShape(model, version));
  return ok({ ...listed('model_versions', page), ...(found.length > most && { next_page_token: 'more' }) });
}

function setTag(store: Store, asked: { name: string; version: string; key: string }, fields: Fields): Answer {
  const { key } = asked;
  if (!/^[\w\-.:/ ]+$/.test(key)) {
    return invalid(
      `Invalid value "${key}" for parameter 'key' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).`,
    );
  }
  return withVersion(store, asked, (version) => {
    version.tags = { ...version.tags, [key]: typeof fields['value'] === 'string' ? fields['value'] : '' };
    return ok({});
  });
}

function deleteTag(store: Store, asked: { name: string; version: string; key: string }): Answer {
  return withVersion(store, asked, (version) => {
    version.tags = Object.fromEntries(Object.entries(version.tags ?? {}).filter(([key]) => key !== asked.key));
    return ok({});
  });
}

function getAlias(store: Store, { name, alias }: { name: string; alias: string }): Answer {
  return withModel(store, name, (model) => {
    const version = model.aliases[alias];
    if (version === undefined) return invalid(`Registered model alias ${alias} not found.`);
    return withVersion(store, { name, version }, versionAnswer);
  });
}

function setAlias(store: Store, asked: { name: string; alias: string; version: string }): Answer {
  const { alias } = asked;
  if (!/^[\w-]+$/.test(alias)) {
    return invalid(
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  }
  if (alias.toLowerCase() === 'latest') return invalid("'latest' alias name (case insensitive) is reserved.");
  if (/^v\d+$/i.test(alias)) return invalid(`Version alias name '${alias}' is reserved.`);
  return withVersion(store, asked, (version, model) => {
    model.aliases[alias] = version.version;
    return ok({});
  });
}

function deleteAlias(store: Store, { name, alias }: { name: string; alias: string }): Answer {
  return withModel(store, name, (model) => {
    model.aliases = Object.fromEntries(Object.entries(model.aliases).filter(([key]) => key !== alias));
    return ok({});
  });
}

function getRun(store: Store, { run_id: id }: { run_id: string }): Answer {
  const version = [...store.values()].flatMap(({ versions }) => versions).find((each) => each.run_id === id);
  const found = store.runs?.get(id) ?? (version && { metrics: {}, datasets: {}, ...version });
  if (!found) return no(404, 'RESOURCE_DOES_NOT_EXIST', `Run with id=${id} not found`);
  const { metrics, datasets } = found;
  const logged = Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: Date.now(), step: 0 }));
  const inputs = Object.entries(datasets).map(([name, digest]) => ({
    dataset: { name, digest, source_type: 'local' },
  }));
  return ok({
    run: {
      info: { run_id: id, experiment_id: '0', status: 'FINISHED' },
      data: listed('metrics', logged),
      inputs: listed('dataset_inputs', inputs),
    },
  });
}

function createRun(store: Store): Answer {
  const runs = (store.runs ??= new Map());
  const id = `run-${runs.size + 1}`;
  runs.set(id, { metrics: {}, datasets: {} });
  return ok({ run: { info: { run_id: id, experiment_id: '0', status: 'RUNNING' }, data: {}, inputs: {} } });
}

/** Of each metric the last value stays. */
function logBatch(store: Store, { run_id: id }: { run_id: string }, fields: Fields): Answer {
  const run = store.runs?.get(id);
  if (!run) return no(404, 'RESOURCE_DOES_NOT_EXIST', `Run with id=${id} not found`);
  for (const each of objectsOf(fields['metrics'])) run.metrics[text(each['key'])] = numberOrText(each['value']);
  return ok({});
}

function logInputs(store: Store, { run_id: id }: { run_id: string }, fields: Fields): Answer {
  const run = store.runs?.get(id);
  if (!run) return no(404, 'RESOURCE_DOES_NOT_EXIST', `Run with id=${id} not found`);
  for (const { dataset } of objectsOf(fields['datasets'])) {
    const [given] = objectsOf([dataset]);
    if (given) run.datasets[text(given['name'])] = text(given['digest']);
  }
  return ok({});
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const numberOrText = (value: unknown) => (typeof value === 'number' ? value : text(value));
function objectsOf(list: unknown): Fields[] {
  return Array.isArray(list) ? list.flatMap((each: unknown) => (isObject(each) ? [each] : [])) : [];
}
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const hookShape = ({ webhook_id, name, url, status }: LocalHook) => ({ webhook_id, name, url, status });

function createHook(store: Store, { name, url }: { name: string; url: string }, fields: Fields): Answer {
  if (!/^https?:/.test(url)) return invalid(`Invalid webhook URL scheme: '${url}'. Allowed schemes are: https, http.`);
  const hooks = (store.hooks ??= []);
  const secret = typeof fields['secret'] === 'string' ? fields['secret'] : '';
  const hook: LocalHook = { webhook_id: `hook-${hooks.length + 1}`, name, url, secret, status: 'ACTIVE' };
  hooks.push(hook);
  return ok({ webhook: hookShape(hook) });
}

function changeHook(store: Store, id: string, fields: Fields): Answer {
  const hook = store.hooks?.find((each) => each.webhook_id === id);
  if (!hook) return no(404, 'RESOURCE_DOES_NOT_EXIST', `Webhook with ID ${id} not found.`);
  for (const name of ['name', 'url', 'secret', 'status'] as const) {
    const value = fields[name];
    if (typeof value === 'string') hook[name] = value;
  }
  return ok({ webhook: hookShape(hook) });
}
