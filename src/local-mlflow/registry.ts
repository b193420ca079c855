export interface LocalVersion {
  version: string;
  tags?: Record<string, string>;
  run_id?: string;
  /** Milliseconds since the epoch; the moment of its making unless said. */
  creation_timestamp?: number;
}

export interface LocalModel {
  name: string;
  versions: LocalVersion[];
  /** Alias → version. */
  aliases: Record<string, string>;
}

export type Store = Map<string, LocalModel>;

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly status: number;
  /** Text is a page of HTML. */
  readonly body: object | string;
}

export function storeOf(models: LocalModel[]): Store {
  return new Map(structuredClone(models).map((model) => [model.name, model]));
}

/** Answers, words and statuses as seen from MLflow 3.17.2. */
export function answerOf(store: Store, { method, path, fields }: Asked): Answer {
  const operation = operations[`${method} ${path}`];
  if (!operation) {
    const known = Object.keys(operations).some((key) => key.endsWith(` ${path}`));
    return {
      status: known ? 405 : 404,
      body: `<!doctype html>\n<title>${known ? 'Method Not Allowed' : 'Not Found'}</title>`,
    };
  }
  try {
    return { status: 200, body: operation(store, new Fields(fields)) };
  } catch (error) {
    if (isMlflowError(error)) {
      const { status, code, message } = error;
      return { status, body: { error_code: code, message } };
    }
    throw error;
  }
}
