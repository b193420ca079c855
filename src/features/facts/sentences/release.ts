import type { ChangeRequest } from '../../approvals/schema.ts';
import type { Release } from '../../releases/schema.ts';
import { capital } from '../../../lib/capital.ts';
import { isOthers, on, type Reader, type Said, since } from '../words.ts';

interface Base {
  readonly person_id: string;
  readonly model: string;
  /** Null: the model's usual one. */
  readonly environment: string | null;
  readonly to_version: string;
  readonly from_version: string | null;
  readonly who: string;
  readonly at: Date;
}
export type ReleaseRow = Base &
  (
    | { readonly of: 'move' }
    | {
        readonly of: 'request';
        readonly kind: ChangeRequest['kind'];
        readonly number: number;
        readonly state: RequestState;
      }
    | {
        readonly of: 'release';
        readonly state: ReleaseState;
        readonly source: string;
        readonly percent: number | null;
        readonly strategy: Release['strategy'];
      }
  );
export const requestStates = ['approved', 'executing', 'unclear', 'moved', 'done', 'failed'] as const;
type RequestState = (typeof requestStates)[number];
export const releaseStates = ['pending', 'running', 'succeeded', 'failed', 'canceled'] as const;
type ReleaseState = (typeof releaseStates)[number];

/** Nobody's own words: these are records of the team, and say so. */
export function releaseSaid(row: ReleaseRow, reader: Reader): Said {
  const said = sentence(row, reader);
  return { ...said, words: `Seen by the system: ${said.words}.` };
}

function sentence(row: ReleaseRow, reader: Reader): Said {
  switch (row.of) {
    case 'move': {
      const before = row.from_version === null ? '' : `, in place of version ${row.from_version}`;
      return {
        words: `version ${row.to_version} of ${place(row)} went live ${on(row.at, reader)}${before}`,
        ...live(row),
      };
    }
    case 'request':
      return requestSaid(row, reader);
    case 'release':
      return deploymentSaid(row, reader);
  }
}

const place = ({ model, environment }: Base) => (environment === null ? model : `${model} in ${environment}`);

function live(row: Base): Pick<Said, 'becomes' | 'suggestion'> {
  const version = `version ${row.to_version} of ${place(row)}`;
  return isOthers(row.who, row.person_id)
    ? { becomes: 'know', suggestion: `${capital(version)} is live` }
    : { becomes: 'done', suggestion: `Released ${version}` };
}

function requestSaid(row: Extract<ReleaseRow, { of: 'request' }>, reader: Reader): Said {
  const { kind, number, to_version: to, from_version: from, at } = row;
  const name = `${kind} ${number} of ${place(row)} to version ${to}`;
  const isRollback = kind === 'rollback';
  const back = isOthers(row.who, row.person_id)
    ? ({ becomes: 'know', suggestion: `${place(row)} is back on version ${to}` } as const)
    : ({ becomes: 'done', suggestion: `Rolled ${place(row)} back to version ${to}` } as const);
  const came = isRollback ? back : live(row);
  const moved = isRollback
    ? `rollback ${number} took ${place(row)} from version ${from ?? ''} back to ${to} ${on(at, reader)}`
    : `promotion ${number} brought version ${to} of ${place(row)} live ${on(at, reader)}`;
  switch (row.state) {
    case 'approved':
    case 'executing':
      return { words: `${name} is under way ${since(at, reader)}`, becomes: 'know', suggestion: `Follow ${name}` };
    case 'unclear':
      return {
        words: `nobody knows yet whether ${name} happened; somebody has to look`,
        becomes: 'plan',
        suggestion: `Look whether ${name} happened`,
      };
    case 'moved':
      return { words: `${moved}; it was not seen served yet`, ...came };
    case 'done':
      return { words: moved, ...came };
    case 'failed':
      return {
        words: `${name} failed ${on(at, reader)}`,
        becomes: 'obstacle',
        suggestion: `${isRollback ? 'Rollback' : 'Promotion'} ${number} of ${place(row)} failed`,
        need: isRollback ? 'rollback.path' : 'deploy.release',
      };
  }
}

function deploymentSaid(row: Extract<ReleaseRow, { of: 'release' }>, reader: Reader): Said {
  const { to_version: version, state, source, percent, strategy, at } = row;
  const name = `version ${version} of ${place(row)}`;
  const share = percent === null || percent === 100 ? '' : `, with ${percent} % of the traffic`;
  const how = { all_at_once: '', canary: ' as a canary', shadow: ' in the shadow', blue_green: ' beside the old one' }[
    strategy
  ];
  switch (state) {
    case 'pending':
    case 'running':
      return {
        words: `${name} is being deployed${how} ${since(at, reader)}${share} (${source})`,
        becomes: 'know',
        suggestion: `Follow the deployment of ${name}`,
      };
    case 'succeeded':
      return {
        words: `${name} runs${how} ${since(at, reader)}${share} (${source})`,
        becomes: 'done',
        suggestion: `Deployed ${name}${how}`,
      };
    case 'failed':
      return {
        words: `the deployment of ${name} failed ${on(at, reader)} (${source})`,
        becomes: 'obstacle',
        suggestion: `The deployment of ${name} failed`,
        need: 'deploy.release',
      };
    case 'canceled':
      return {
        words: `the deployment of ${name} was canceled ${on(at, reader)} (${source})`,
        becomes: 'know',
        suggestion: `The deployment of ${name} was canceled`,
      };
  }
}
