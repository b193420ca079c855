import { type Fields, fieldsIn, isFields, textOf } from '../json.ts';

export interface Found {
  block: Fields;
  element: Fields;
  pointer: string;
}

function inner(block: Fields): [string, unknown][] {
  return [
    ['child_blocks', block['child_blocks']],
    ['elements', block['type'] === 'carousel' ? block['elements'] : undefined],
    ['tasks', block['tasks']],
  ];
}

/** Every block, also those inside containers and carousels. */
export function allBlocks(blocks: readonly Fields[], at = ''): { block: Fields; pointer: string }[] {
  return blocks.flatMap((block, index) => {
    const pointer = `${at}/${index}`;
    const nested = inner(block).flatMap(([name, list]) => allBlocks(fieldsIn(list), `${pointer}/${name}`));
    return [{ block, pointer }, ...nested];
  });
}

function elementsOf(block: Fields, at: string): Found[] {
  const found: Found[] = [];
  const add = (element: unknown, pointer: string) => {
    if (isFields(element) && textOf(element['type']) !== '') found.push({ block, element, pointer });
  };
  add(block['accessory'], `${at}/accessory`);
  if (block['type'] === 'input') add(block['element'], `${at}/element`);
  if (block['type'] !== 'carousel' && block['type'] !== 'rich_text') {
    fieldsIn(block['elements']).forEach((element, index) => add(element, `${at}/elements/${index}`));
  }
  if (block['type'] === 'card') {
    fieldsIn(block['actions']).forEach((element, index) => add(element, `${at}/actions/${index}`));
  }
  return found;
}

export function allElements(blocks: readonly Fields[], at = ''): Found[] {
  return allBlocks(blocks, at).flatMap(({ block, pointer }) => elementsOf(block, pointer));
}

/** What was pressed may stand under a new block id since an edit a moment ago: then its action tells, if only one has it. */
export function findElement(blocks: readonly Fields[], blockId: string, actionId: string): Found | undefined {
  const alike = allElements(blocks).filter(({ element }) => element['action_id'] === actionId);
  return alike.find(({ block }) => block['block_id'] === blockId) ?? (alike.length === 1 ? alike[0] : undefined);
}

export function optionsOf(element: Fields): Fields[] {
  const groups = fieldsIn(element['option_groups']).flatMap((group) => fieldsIn(group['options']));
  return [...fieldsIn(element['options']), ...groups];
}
