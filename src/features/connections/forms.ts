import type { InputBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { plain } from '../../slack/blocks.ts';
import { form } from '../../slack/forms.ts';
import { optional, optionalText, selectField, textField } from '../../slack/fields.ts';
import { limits } from '../../slack/limits.ts';
import { type Connection, type ConnectionKind, connectionKinds, type SignIn } from './schema.ts';

export const labels: Readonly<Record<ConnectionKind, string>> = {
  mlflow: 'MLflow',
  airflow: 'Airflow',
  kubeflow: 'Kubeflow',
  webhook: 'Web-hook',
};

const Carries = z.object({
  kind: z.enum(connectionKinds),
  before: z.object({ connectionId: z.uuid(), revision: z.int() }).optional(),
});

const inputs = {
  url: textField('Address'),
  signIn: optional(selectField('How to sign in')),
  username: optionalText('User'),
  secret: optionalText('Password or token'),
  space: optionalText('Space'),
  name: optionalText('Name'),
};
type Input = keyof typeof inputs;

/** One form for every kind; `formFor` draws only what the kind asks. */
export const connectionForm = form('connection.form', { title: 'Connect', submit: 'Save' }, Carries, inputs);

interface Asked {
  readonly label?: string;
  readonly hint: string;
}
type Asks = Readonly<Partial<Record<Input, Asked>>>;

const onlyYou = 'Only you see it here. It is kept sealed and never shown again.';
const name = { hint: 'What people call it here. Left empty, I find one.' };
const signIn = { hint: 'An account of its own is best, with no more rights than it needs.' };
const username = { hint: 'Only for signing in with user and password.' };

const asks: Readonly<Record<ConnectionKind, Asks>> = {
  mlflow: {
    url: { hint: 'Of the tracking server, like https://mlflow.example.com. With --static-prefix, the prefix too.' },
    signIn,
    username,
    secret: { hint: onlyYou },
    space: { label: 'Workspace', hint: 'Only where the server has workspaces (X-MLFLOW-WORKSPACE).' },
    name,
  },
  airflow: {
    url: { hint: 'Of the API server, like https://airflow.example.com, without /api. Airflow 3 and 2 both work.' },
    signIn: { hint: 'With user and password I fetch a token myself. Managed Airflow often knows only tokens.' },
    username,
    secret: { hint: onlyYou },
    name,
  },
  kubeflow: {
    url: { hint: 'Of Kubeflow Pipelines, like https://kubeflow.example.com/pipeline, without /apis.' },
    signIn: { hint: 'The token of a service account, for the audience pipelines.kubeflow.org.' },
    secret: { label: 'Token', hint: onlyYou },
    space: { label: 'Namespace', hint: 'Where several people share one Kubeflow, the namespace of your team.' },
    name,
  },
  webhook: {
    url: { hint: 'What I post to when something should be deployed. I make the secret that I sign with.' },
    name,
  },
};

const signInWords: Readonly<Record<Exclude<SignIn, 'signature'>, string>> = {
  none: 'Nothing: nobody has to sign in',
  password: 'User and password',
  token: 'Token',
};
const usual: Readonly<Record<ConnectionKind, SignIn>> = {
  mlflow: 'none',
  airflow: 'password',
  kubeflow: 'token',
  webhook: 'none',
};

/** Filled in from a connection that stands, except for its secret. */
export function formFor(kind: ConnectionKind, before?: Connection): ModalView {
  const choices = (['none', 'password', 'token'] as const)
    .filter((each) => each !== 'password' || asks[kind].username !== undefined)
    .map((value) => ({ value, text: signInWords[value] }));
  const carries = { kind, ...(before && { before: { connectionId: before.id, revision: before.revision } }) };
  const { url, username, space, name } = before ?? {};
  const start = {
    signIn: before?.signIn ?? usual[kind],
    ...(url && { url }),
    ...(username && { username }),
    ...(space && { space }),
    ...(name && { name }),
  };
  const view = connectionForm.view(carries, { start, options: { signIn: choices } });
  const title = before ? `Edit ${labels[kind]}` : `Connect ${labels[kind]}`;
  const blocks = view.blocks.flatMap((block) => (isInput(block) ? drawn(block, asks[kind], before) : []));
  // A web-hook can be tried only when its secret, which is made now, stands on the other side.
  const submit = kind === 'webhook' && !before ? 'Save' : 'Save and test';
  return { ...view, title: plain(title, limits.viewTitle), submit: plain(submit, limits.viewButton), blocks };
}

const isInput = (block: ModalView['blocks'][number]): block is InputBlock => block.type === 'input';

function drawn(block: InputBlock, asked: Asks, before: Connection | undefined): InputBlock[] {
  const words = Object.entries(asked).find(([input]) => input === block.block_id)?.[1];
  if (!words) return [];
  const keeps = block.block_id === 'secret' && before?.secret;
  const hint = keeps ? 'Left empty, the one that I keep stays.' : words.hint;
  const label = words.label ? plain(words.label, limits.inputLabel) : block.label;
  return [{ ...block, label, hint: plain(hint, limits.inputLabel) }];
}
