import type { Context } from '../../../src/context.ts';
import type { Typed } from '../../../src/features/connections/rules.ts';
import { sealing } from '../../../src/lib/sealing.ts';
import type { Access, Pipelines, Registry } from '../../../src/ports.ts';
import type { House } from '../../support/house.ts';

export const planted = 'hunter2-planted-secret';

export const typed = (more: Partial<Typed> = {}): Typed => ({
  url: 'https://mlflow.example/',
  signIn: 'none',
  username: '',
  secret: '',
  space: '',
  name: '',
  ...more,
});
export const withPassword = typed({ signIn: 'password', username: 'pit', secret: planted });

type Asked = Access & { readonly kind: string };

interface Toolbox {
  readonly ctx: Context;
  /** Every client that was made, with what it was made from. */
  readonly made: Asked[];
  /** Everything that was logged. */
  readonly logged: string[];
}

/** The house with a key and tools that answer as told. */
export function toolbox(
  house: House,
  answers: { check?: () => Promise<string>; tellUs?: Registry['tellUs'] } = {},
): Toolbox {
  const { check = () => Promise.resolve('2 models'), tellUs = () => Promise.resolve() } = answers;
  const made: Asked[] = [];
  const logged: string[] = [];
  const no = () => Promise.reject(new Error('nobody asks this here'));
  const pipelines = (kind: string) => (access: Access) => {
    made.push({ ...access, kind });
    const rest = { list: no, obstacle: no, start: no, status: no, cancel: no, questions: no, answer: no };
    return { name: kind, check, ...rest } satisfies Pipelines;
  };
  const log = (about: object, text: string) => {
    const err = 'err' in about ? String(about.err) : '';
    logged.push(`${text} ${err} ${JSON.stringify(about)}`);
  };
  const ctx: Context = {
    ...house.ctx,
    sealing: sealing([Buffer.alloc(32, 7)]),
    log: { info: log, warn: log, error: log },
    tools: {
      airflow: pipelines('airflow'),
      kubeflow: pipelines('kubeflow'),
      mlflow: (access) => {
        made.push({ ...access, kind: 'mlflow' });
        return { ...house.registry, check, tellUs };
      },
    },
  };
  return { ctx, made, logged };
}
