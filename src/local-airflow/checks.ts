export interface Answer {
  readonly status: number;
  /** Text is a page of HTML; nothing goes with 204. */
  readonly body?: object | string;
}

/** What is wrong with one field, as pydantic says it. */
interface Wrong {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: unknown;
}
type Fields = Readonly<Record<string, unknown>>;
/** undefined: the value is fine. */
type Check = (value: unknown) => readonly [type: string, msg: string] | undefined;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text: Check = (value) =>
  typeof value === 'string' ? undefined : ['string_type', 'Input should be a valid string'];
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value);
const instant: Check = (value) =>
  typeof value === 'string' &&
  /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(value) &&
  !Number.isNaN(Date.parse(value))
    ? undefined
    : ['datetime_from_date_parsing', 'Input should be a valid datetime or date, input is too short'];
const dict: Check = (value) => (isFields(value) ? undefined : ['dict_type', 'Input should be a valid dictionary']);
const upTo =
  (max: number): Check =>
  (value) =>
    text(value) ??
    (String(value).length > max ? ['string_too_long', `String should have at most ${max} characters`] : undefined);
const oneOf =
  (...allowed: readonly string[]): Check =>
  (value) => {
    const listed = allowed.map((each) => `'${each}'`);
    const words = `${listed.slice(0, -1).join(', ')} or ${listed.at(-1)}`;
    return allowed.some((each) => each === value) ? undefined : ['enum', `Input should be ${words}`];
  };
const someTexts: Check = (value) => {
  if (!Array.isArray(value)) return ['list_type', 'Input should be a valid list'];
  if (value.length === 0) return ['too_short', 'List should have at least 1 item after validation, not 0'];
  return value.map(text).find((each) => each !== undefined);
};

export interface Body {
  readonly fields: Readonly<Record<string, Check>>;
  readonly required?: readonly string[];
  /** Whether more keys are taken and ignored. */
  readonly open?: boolean;
}

export const bodies = {
  trigger: {
    fields: {
      dag_run_id: orNull(text),
      data_interval_start: orNull(instant),
      data_interval_end: orNull(instant),
      logical_date: orNull(instant),
      run_after: orNull(instant),
      conf: orNull(dict),
      note: orNull(text),
    },
    required: ['logical_date'],
  },
  change: { fields: { state: orNull(oneOf('queued', 'success', 'failed')), note: orNull(upTo(1000)) } },
  task: { fields: { new_state: orNull(text), note: orNull(upTo(1000)) } },
  answer: { fields: { chosen_options: someTexts, params_input: dict }, required: ['chosen_options'], open: true },
} as const satisfies Record<string, Body>;

/** What is wrong with a body; empty: nothing. */
export function wrongIn({ fields, required = [], open = false }: Body, body: unknown): readonly Wrong[] {
  if (!isFields(body)) {
    return [
      {
        type: 'model_attributes_type',
        loc: ['body'],
        msg: 'Input should be a valid dictionary or object to extract fields from',
        input: body,
      },
    ];
  }
  const missing = required
    .filter((name) => !(name in body))
    .map((name) => wrong('missing', name, 'Field required', body));
  const bad = Object.entries(body).flatMap(([name, value]) => {
    const check = fields[name];
    if (!check) return open ? [] : [wrong('extra_forbidden', name, 'Extra inputs are not permitted', value)];
    const problem = check(value);
    return problem ? [wrong(problem[0], name, problem[1], value)] : [];
  });
  return [...missing, ...bad];
}

const wrong = (type: string, name: string, msg: string, input: unknown): Wrong => ({
  type,
  loc: ['body', name],
  msg,
  input,
});

export const ok = (body: object): Answer => ({ status: 200, body });
export const no = (status: number, detail: string | object): Answer => ({ status, body: { detail } });
export const unreadable = (problems: readonly Wrong[]): Answer => no(422, problems);
