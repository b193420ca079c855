import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { Described } from '../../features/catalog/rules.ts';
import { linkKinds, type Links, tiers } from '../../features/models/schema.ts';
import { Refusal } from '../../lib/refusal.ts';

const Entity = z.object({
  kind: z.literal('Component'),
  metadata: z.object({
    name: z.string().min(1),
    title: z.string().optional(),
    description: z.string().default(''),
    annotations: z.record(z.string(), z.coerce.string()).default({}),
    links: z
      .array(z.object({ url: z.string(), title: z.string().default(''), type: z.string().default('') }))
      .default([]),
  }),
  spec: z.object({ type: z.string(), owner: z.string().default('') }),
});
type Entity = z.infer<typeof Entity>;

const Kind = z.object({
  kind: z.string().optional(),
  metadata: z.object({ name: z.coerce.string().optional() }).optional(),
});

const own = 'pitcrew.dev/';
const mostCharacters = 200_000;
const mostDocuments = 500;

/**
 * Models of a Backstage catalog-info.yaml: components of type ml-model, and any with an annotation of ours. Other
 * entities are passed over; a file that cannot be read is refused with its line.
 */
export function readCatalog(text: string): Described[] {
  if (text.length > mostCharacters)
    throw new Refusal('That is more than I read at once: 200,000 characters.', { field: 'text' });
  const documents = parseAllDocuments(text);
  if (documents.length > mostDocuments)
    throw new Refusal('That is more than I read at once: 500 documents.', { field: 'text' });
  for (const document of documents) {
    const [problem] = document.errors;
    if (problem) throw new Refusal(`This is no YAML: ${problem.message.split('\n')[0]}`, { field: 'text' });
  }
  const models = documents.flatMap((document) => modelIn(read(document)));
  if (models.length === 0) throw new Refusal('I see no component of type ml-model in this text.', { field: 'text' });
  return models;
}

/** A few lines of aliases can mean millions of values. */
function read(document: { toJS(options: { maxAliasCount: number }): unknown }): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch {
    throw new Refusal('This YAML repeats itself too often to be read.', { field: 'text' });
  }
}

function modelIn(value: unknown): Described[] {
  const entity = Entity.safeParse(value);
  if (entity.success) return isModel(entity.data) ? [modelOf(entity.data)] : [];
  const kind = Kind.safeParse(value);
  if (kind.data?.kind !== 'Component') return [];
  const [issue] = entity.error.issues;
  throw new Refusal(
    `The component "${kind.data.metadata?.name ?? ''}" cannot be read: ${issue?.path.join('.')}: ${issue?.message}.`,
    { field: 'text' },
  );
}

function isModel({ spec, metadata }: Entity): boolean {
  return spec.type === 'ml-model' || Object.keys(metadata.annotations).some((key) => key.startsWith(own));
}

function modelOf({ metadata, spec }: Entity): Described {
  const { annotations } = metadata;
  const tier = tiers.find((each) => String(each) === annotations[`${own}tier`]);
  const ownerId = annotations[`${own}owner`];
  const registryName = annotations[`${own}registry-name`];
  return {
    name: metadata.name,
    description: (metadata.description || (metadata.title ?? '')).trim().slice(0, 1000),
    owner: spec.owner.replace(/^(group|user):/i, '').replace(/^.*\//, ''),
    ...(ownerId && { ownerId }),
    ...(registryName && { registryName }),
    ...(tier && { tier }),
    links: { ...sourceOf(annotations['backstage.io/source-location']), ...linksOf(metadata.links) },
  };
}

/** "url:https://github.com/acme/churn/" is where the code is. */
function sourceOf(location = ''): Links {
  const url = location.replace(/^url:/, '');
  return isSafe(url) ? { repository: url } : {};
}

function linksOf(links: Entity['metadata']['links']): Links {
  const found = links.flatMap(({ url, type, title }) => {
    const kind = linkKinds.find((each) => type.toLowerCase() === each || title.toLowerCase().includes(each));
    return kind && isSafe(url) ? [[kind, url] as const] : [];
  });
  return Object.fromEntries(found);
}

function isSafe(url: string): boolean {
  return url.length <= 500 && URL.canParse(url) && new URL(url).protocol === 'https:';
}
