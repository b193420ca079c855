import { fileById } from './files.ts';
import { type Fields, fieldsOf, isFields } from './json.ts';
import { everyone } from './people.ts';
import { refusalOf } from './refusal.ts';
import type { World, Write } from './world.ts';

function filesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(filesIn);
  if (!isFields(value)) return [];
  const { id } = fieldsOf(value['slack_file']);
  return [...(typeof id === 'string' ? [id] : []), ...Object.values(value).flatMap(filesIn)];
}

function picturesIn(world: World, content: unknown): Write['pictures'] {
  const files = filesIn(content).map((id) => fileById(world, id));
  return Object.fromEntries(
    files.flatMap((file) => (file?.bytes ? [[file.id, `data:${file.mimetype};base64,${file.bytes}`]] : [])),
  );
}

function workspaceOf({ app, data }: World, people: Fields[]): Write['workspace'] {
  return {
    app: { name: app.name, botUserId: app.botUserId, homeTab: app.homeTab },
    people,
    channels: data.channels.map(({ id, name, kind }) => ({ id, name, kind })),
  };
}

/** Checks what an app writes and tells whoever listens, also of what is refused. */
export function written<T extends Fields>(
  world: World,
  about: Pick<Write, 'method' | 'kind'>,
  given: unknown,
  check: () => T,
): T {
  const { onWrite } = world;
  if (!onWrite) return check();
  const tell = (outcome: Pick<Write, 'kept' | 'refused'>): void => {
    const people = everyone(world).map((person) => ({ ...person }));
    onWrite(
      structuredClone({
        ...about,
        given: fieldsOf(given),
        ...outcome,
        workspace: workspaceOf(world, people),
        pictures: picturesIn(world, given),
      }),
    );
  };
  try {
    const kept = check();
    tell({ kept });
    return kept;
  } catch (thrown) {
    const refused = refusalOf(thrown);
    if (refused) tell({ refused });
    throw thrown;
  }
}
