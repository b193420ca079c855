import { optionsOf } from './blocks/walk.ts';
import type { Message, Values, ViewRecord } from './data.ts';
import { fileById, filesShown } from './files.ts';
import { heldIn } from './inputs.ts';
import { type Fields, fieldsIn, fieldsOf, isFields, listOf, textOf } from './json.ts';
import { dateText, readable } from './mrkdwn.ts';
import { personById } from './people.ts';
import type { World } from './world.ts';

/** Who reads, and what they have put into the inputs so far. */
export interface Reader {
  world: World;
  viewer: string;
  values?: Values;
  errors?: Record<string, string> | undefined;
}

export function textShown(reader: Reader, text: unknown): string {
  const object = fieldsOf(text);
  const plain = textOf(object['text']);
  return object['type'] === 'mrkdwn' ? readable(reader.world, reader.viewer, plain) : plain;
}

function inlineShown(reader: Reader, element: Fields): string {
  const { world, viewer } = reader;
  switch (element['type']) {
    case 'link':
      return textOf(element['text'] ?? element['url']);
    case 'emoji':
      return `:${textOf(element['name'])}:`;
    case 'user':
      return `@${personById(world, textOf(element['user_id']))?.name ?? textOf(element['user_id'])}`;
    case 'usergroup':
      return `@${world.data.userGroups.find(({ id }) => id === element['usergroup_id'])?.handle ?? 'group'}`;
    case 'channel':
      return `#${world.data.channels.find(({ id }) => id === element['channel_id'])?.name ?? ''}`;
    case 'broadcast':
      return `@${textOf(element['range'])}`;
    case 'date':
      return dateText(world, viewer, Number(element['timestamp']), textOf(element['format']));
    default:
      return textOf(element['text']);
  }
}

function richShown(reader: Reader, element: Fields): string {
  const inside = fieldsIn(element['elements']);
  switch (element['type']) {
    case 'rich_text':
      return inside.map((each) => richShown(reader, each)).join('\n');
    case 'rich_text_list': {
      const start = Number(element['offset'] ?? 0) + 1;
      const mark = (index: number) => (element['style'] === 'ordered' ? `${start + index}. ` : '• ');
      return inside.map((each, index) => `${mark(index)}${richShown(reader, each)}`).join('\n');
    }
    default:
      return inside.map((each) => inlineShown(reader, each)).join('');
  }
}

function pictureShown(reader: Reader, element: Fields): string {
  const file = fileById(reader.world, textOf(fieldsOf(element['slack_file'])['id']));
  const title = textShown(reader, element['title']);
  return `${title === '' ? '' : `${title} `}(picture: ${textOf(element['alt_text']) || (file?.title ?? '')})`;
}

function nameShown(reader: Reader, type: string, id: unknown): string {
  if (type.includes('users')) return `@${personById(reader.world, textOf(id))?.name ?? textOf(id)}`;
  return `#${reader.world.data.channels.find((channel) => channel.id === id)?.name ?? textOf(id)}`;
}

function heldShown(reader: Reader, element: Fields, state: Fields | undefined): string {
  const held = state ? heldIn(state) : undefined;
  const type = textOf(element['type']);
  const each = (item: unknown): string => {
    if (isFields(item)) return item['type'] === 'rich_text' ? richShown(reader, item) : textShown(reader, item['text']);
    return /users|conversations|channels/.test(type) ? nameShown(reader, type, item) : String(item);
  };
  return listOf(Array.isArray(held) ? held : held === null || held === undefined ? [] : [held])
    .map(each)
    .join(', ');
}

function elementShown(reader: Reader, block: Fields, element: Fields): string {
  const type = textOf(element['type']);
  if (type === 'plain_text' || type === 'mrkdwn') return textShown(reader, element);
  if (type === 'image') return pictureShown(reader, element);
  if (['button', 'workflow_button', 'icon_button'].includes(type)) return `[${textShown(reader, element['text'])}]`;
  if (type === 'overflow')
    return `[⋯ ${optionsOf(element)
      .map((option) => textShown(reader, option['text']))
      .join(' | ')}]`;
  if (type === 'feedback_buttons') {
    const labels = [element['positive_button'], element['negative_button']].map((each) =>
      textShown(reader, fieldsOf(each)['text']),
    );
    return labels.map((label) => `[${label}]`).join(' ');
  }
  const state = reader.values?.[textOf(block['block_id'])]?.[textOf(element['action_id'])];
  const held = heldShown(reader, element, state);
  return `{${held === '' ? textShown(reader, element['placeholder']) : held}}`;
}

function cellShown(reader: Reader, cell: unknown): string {
  const fields = fieldsOf(cell);
  return fields['type'] === 'rich_text' ? richShown(reader, fields) : textOf(fields['text']);
}

function inputShown(reader: Reader, block: Fields): string {
  const label = `${textShown(reader, block['label'])}${block['optional'] === true ? ' (optional)' : ''}`;
  const hint = textShown(reader, block['hint']);
  const error = reader.errors?.[textOf(block['block_id'])];
  const line = `${label}: ${elementShown(reader, block, fieldsOf(block['element']))}`;
  return [line, hint, error ? `! ${error}` : ''].filter((each) => each !== '').join('\n');
}

function chartShown(block: Fields): string {
  return `(chart: ${textOf(block['title'])})`;
}

function blockShown(reader: Reader, block: Fields): string {
  const elements = fieldsIn(block['elements']);
  const join = (parts: string[], by: string) => parts.filter((part) => part !== '').join(by);
  const each = (list: unknown) => fieldsIn(list).map((element) => elementShown(reader, block, element));
  const texts = (...names: string[]) =>
    names.map((name) => (isFields(block[name]) ? textShown(reader, block[name]) : textOf(block[name])));
  switch (block['type']) {
    case 'divider':
      return '';
    case 'rich_text':
      return richShown(reader, block);
    case 'image':
      return pictureShown(reader, block);
    case 'input':
      return inputShown(reader, block);
    case 'table':
    case 'data_table':
      return join(
        [
          ...texts('caption'),
          ...listOf(block['rows']).map((row) =>
            listOf(row)
              .map((cell) => cellShown(reader, cell))
              .join(' | '),
          ),
        ],
        '\n',
      );
    case 'data_visualization':
      return chartShown(block);
    case 'section': {
      const accessory = isFields(block['accessory']) ? elementShown(reader, block, block['accessory']) : '';
      return join(
        [...texts('text'), ...fieldsIn(block['fields']).map((text) => textShown(reader, text)), accessory],
        '\n',
      );
    }
    case 'carousel':
    case 'container':
    case 'plan': {
      const inside = [
        ...fieldsIn(block['child_blocks']),
        ...(block['type'] === 'carousel' ? elements : []),
        ...fieldsIn(block['tasks']),
      ];
      return join(
        [...texts('title', 'subtitle'), ...inside.map((one) => blockShown(reader, { type: 'task_card', ...one }))],
        '\n',
      );
    }
    case 'card': {
      const pictures = [block['icon'], block['hero_image']]
        .filter(isFields)
        .map((picture) => pictureShown(reader, picture));
      return join([...pictures, ...texts('title', 'subtitle', 'body', 'subtext'), ...each(block['actions'])], '\n');
    }
    case 'task_card':
      return join(
        [
          `${texts('title').join('')} (${textOf(block['status'])})`,
          ...[block['details'], block['output']].filter(isFields).map((rich) => richShown(reader, rich)),
        ],
        '\n',
      );
    default:
      return join(
        [...texts('text'), ...each(elements)],
        block['type'] === 'context' || block['type'] === 'actions' ? ' ' : '\n',
      );
  }
}

export function blocksShown(reader: Reader, blocks: readonly Fields[]): string {
  return blocks
    .map((block) => blockShown(reader, block))
    .filter((text) => text !== '')
    .join('\n');
}

/** Blocks hide the text, as in Slack; beside attachments with blocks the text does show. */
export function messageShown(reader: Reader, message: Message): string {
  const body = message.blocks
    ? blocksShown(reader, message.blocks)
    : readable(reader.world, reader.viewer, message.text);
  const attached = (message.attachments ?? []).map((attachment) => {
    const blocks = fieldsIn(attachment['blocks']);
    const texts = ['pretext', 'title', 'text'].map((name) =>
      readable(reader.world, reader.viewer, textOf(attachment[name])),
    );
    return blocks.length > 0 ? blocksShown(reader, blocks) : texts.filter((text) => text !== '').join('\n');
  });
  const shown = filesShown(reader.world, message.files).map((file) =>
    file.mimetype.startsWith('image/') ? `(picture: ${file.alt ?? file.title})` : `(file: ${file.title})`,
  );
  return [body, ...attached, ...shown].filter((text) => text !== '').join('\n');
}

export function viewShown(reader: Reader, record: ViewRecord): string {
  const blocks = blocksShown(reader, fieldsIn(record.view['blocks']));
  const title = textShown(reader, record.view['title']);
  const buttons = [record.view['close'], record.view['submit']]
    .filter(isFields)
    .map((text) => `[${textShown(reader, text)}]`);
  return [title === '' ? '' : `# ${title}`, blocks, buttons.join(' ')].filter((text) => text !== '').join('\n');
}
