import { type Spec, table } from './table.ts';

/** What says something about a limit, but is none itself. */
const remarks = ['note', 'default', 'confidence', 'notInTypes', 'requiredInTypes', 'bareString'];
/** What looks at more than its own field: tried by hand in blockkit-across.test.ts, and only where it stands today. */
const byHand: Record<string, readonly string[]> = {
  'container.default_collapsed': ['requires'],
  'input.dispatch_action': ['incompatibleWith'],
  'conversations_select.response_url_enabled': ['onlyIn'],
  'channels_select.response_url_enabled': ['onlyIn'],
  'option.url': ['onlyIn'],
  'overflow.options': ['optionMayHaveUrl'],
  'plan.tasks': ['measuredFloor'],
  'table.rows': ['totalCharsMax'],
  'table.column_settings': ['nullSkipsColumn'],
  'data_table.rows': ['totalCharsMax', 'sameCellCountPerRow', 'header'],
  'data_visualization.chart': ['oneOfType', 'xy'],
  'message_metadata.event_payload': ['values'],
  'file.source': ['const'],
  // Not held: see video in the README.
  'video.video_url': ['mustMatchUnfurlDomain'],
};

const known = [
  'textTypes maxLength minLength enum type format min max digits https',
  'minItems maxItems item items itemType elementTypes blockTypes option manyOf',
  'cols cellsPerRowMax cellTypes object element block memberOf subsetOf enumTopLevel enumInPlan',
]
  .join(' ')
  .split(' ');

/** What the table says of a field and nobody here knows how to try. */
export function untried(spec: Spec, place: string): string[] {
  const tried = new Set([...known, ...remarks, ...(byHand[place] ?? []), '$common', 'required']);
  const inner = Object.entries(innerOf(spec)).flatMap(([key, each]) => untried(each, `${place}.${key}`));
  const strange = Object.keys(spec).filter((key) => !tried.has(key) && !(key in innerOf(spec)));
  return [...strange.map((key) => `${place}.${key}`), ...inner];
}

/** Where a limit holds limits in its turn: the items of a list, the parts of an object spelled out in place. */
function innerOf(spec: Spec): Record<string, Spec> {
  const parts = Object.entries(spec).filter(([key]) => ['text', 'value', 'accessibility_label'].includes(key));
  const item = isSpec(spec['item']) ? spec['item'] : {};
  const named = Object.values(item).every(isSpec) ? item : { item };
  return Object.fromEntries(
    [...parts, ...Object.entries(named)].filter((each): each is [string, Spec] => isSpec(each[1])),
  );
}

const isSpec = (value: unknown): value is Spec => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One element, where a list of kinds elsewhere means a list of elements. */
export const single = new Set(['element', 'accessory', 'initial_option']);

type Json = 'null' | 'text' | 'number' | 'flag' | 'list' | 'object';
const ofEach: Record<Json, unknown> = { null: null, text: 'x', number: 5, flag: true, list: [], object: {} };

function jsonOf(spec: Spec, field: string): Json {
  if (typeof spec['$common'] === 'string') return jsonOf(table.common[spec['$common']] ?? {}, field);
  const has = (...keys: readonly string[]) => keys.some((key) => spec[key] !== undefined);
  const { type, enum: choices } = spec;
  if (type === 'boolean') return 'flag';
  if (has('minItems', 'maxItems', 'items', 'itemType', 'subsetOf', 'manyOf') || type === 'string[]') return 'list';
  if (has('elementTypes', 'blockTypes')) return single.has(field) ? 'object' : 'list';
  if (has('textTypes', 'object', 'element', 'block', 'memberOf', 'option', 'oneOfType', 'text')) return 'object';
  if (has('min', 'max', 'digits') || type === 'integer' || type === 'number') return 'number';
  return Array.isArray(choices) && typeof choices[0] === 'number' ? 'number' : 'text';
}

/** A value of every kind of JSON but its own. */
export function wrongKinds(spec: Spec, field: string): unknown[] {
  const own = jsonOf(spec, field);
  return Object.entries(ofEach).flatMap(([kind, value]) => (kind === own ? [] : [value]));
}
