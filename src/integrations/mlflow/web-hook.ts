import { z } from 'zod';
import type { HeardRegistryChange } from '../../features/sources/heard.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
import { pythonJson } from '../../lib/python-json.ts';

const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const Event = z.object({ entity: z.string(), action: z.string(), timestamp: Instant, data: z.unknown() });
const Named = z.object({ data: z.object({ name: z.string().min(1) }) });
const version = z.union([z.string(), z.number()]).transform(String);
const Versioned = z.object({ data: z.object({ name: z.string().min(1), version }) });
const Aliased = z.object({
  data: z.object({ name: z.string().min(1), alias: z.string().min(1), version: version.nullish() }),
});

const what = 'an event of MLflow';

/**
 * Reads one event of an MLflow web-hook. Setting an alias is always "created", also when it moved; a deleted one has
 * no version. Tags, prompts and budgets are nothing to us.
 */
export function readMlflowEvent(body: string | Uint8Array): readonly HeardRegistryChange[] {
  const raw = pythonJson(body);
  const { entity, action, timestamp: at } = parsedAs(Event, raw, what);
  switch (`${entity}.${action}`) {
    case 'registered_model.created':
      return [{ kind: 'registry', entity: 'model', action: 'set', at, ...parsedAs(Named, raw, what).data }];
    case 'model_version.created':
      return [{ kind: 'registry', entity: 'version', action: 'set', at, ...parsedAs(Versioned, raw, what).data }];
    case 'model_version_alias.created':
    case 'model_version_alias.deleted': {
      const { name, alias, version: to } = parsedAs(Aliased, raw, what).data;
      const change = action === 'deleted' ? 'deleted' : 'set';
      return [{ kind: 'registry', entity: 'alias', action: change, at, name, alias, ...(to && { version: to }) }];
    }
    default:
      return [];
  }
}
