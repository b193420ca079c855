import { describe, expect, it } from 'vitest';
import { formFor } from '../../../src/features/connections/forms.ts';
import type { Connection, ConnectionKind } from '../../../src/features/connections/schema.ts';
import { forgetAsked, postingCard, signingCard, toolList, triedCard } from '../../../src/features/connections/views.ts';
import { sourceList } from '../../../src/features/sources/views.ts';
import { messageProblems, viewComplaints } from '../../support/drawn.ts';

const nasty = `<!channel> <@U1> *_\`\`\`\u0007${'x'.repeat(400)}`;
const at = new Date('2026-03-02T09:00:00Z');

function connection(more: Partial<Connection> = {}): Connection {
  return {
    workspace: 'T1',
    id: '00000000-0000-4000-8000-000000000001',
    name: 'registry',
    kind: 'mlflow',
    url: 'https://mlflow.example/hidden-path',
    signIn: 'password',
    username: 'pit',
    secret: 'sealed-secret',
    space: '',
    revision: 3,
    triedAt: at,
    found: '2 models',
    problem: '',
    sourceId: null,
    hookProblem: '',
    madeBy: 'OLGA',
    madeAt: at,
    revokedAt: null,
    ...more,
  };
}

const listed = (more: Partial<Connection> = {}, source: string | null = null) => ({
  connection: connection(more),
  source,
});
const nothing = sourceList([]);
const said = (drawn: object) => JSON.stringify(drawn);
/** Only what Slack reads as mrkdwn: plain text pings nobody. */
const pinging = (drawn: object) =>
  /<!channel|<@U1/.test(JSON.stringify(drawn, (_, value: unknown) => (isPlain(value) ? undefined : value)));
const isPlain = (value: unknown) =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'plain_text';

describe('the list', () => {
  it('of nothing says how to begin, on both sides', () => {
    const list = toolList([], nothing);
    expect(messageProblems(list)).toEqual([]);
    expect(said(list)).toContain('No tool is connected yet');
    expect(said(list)).toContain('/ml connect mlflow');
    expect(said(list)).not.toContain('What I ask');
  });

  it('of one says when it was tried, what was found and what can be done', () => {
    const list = toolList([listed()], nothing);
    expect(messageProblems(list)).toEqual([]);
    expect(list.text).toBe('1 connection is set up. No tool is connected yet, so nobody posts to me.');
    const words = said(list);
    expect(words).toContain(':white_check_mark: *registry* (MLflow at mlflow.example)');
    expect(words).toMatch(/Works\. Tried <!date\S+ at \{time\}\|2026-03-02 09:00 UTC>: 2 models\./);
    for (const label of ['Test', 'Edit', 'Let it post here', 'Forget']) expect(words).toContain(`"${label}"`);
    expect(words).not.toMatch(/hidden-path|sealed-secret/);
  });

  it('says what is wrong, in the sentence that is read aloud, too', () => {
    const list = toolList([listed({ problem: 'MLflow did not accept the token.' })], nothing);
    expect(list.text).toContain('not working: registry.');
    expect(said(list)).toMatch(/:x: \*registry\*.*Does not work\..*did not accept the token\./);
    const untried = toolList([listed({ triedAt: null, found: '' })], nothing);
    expect(said(untried)).toMatch(/:white_circle: .*Not tried yet/);
  });

  it('offers posting only where it is read and not done', () => {
    const offers = (kind: ConnectionKind, more: Partial<Connection> = {}, source: string | null = null) =>
      said(toolList([listed({ kind, ...more }, source)], nothing)).includes('Let it post here');
    expect(offers('airflow')).toBe(true);
    expect(offers('kubeflow')).toBe(false);
    expect(offers('webhook')).toBe(false);
    expect(offers('mlflow', {}, 'mlflow-2')).toBe(false);
    expect(offers('mlflow', { hookProblem: 'no' }, 'mlflow-2')).toBe(true);
    const trouble = toolList([listed({ hookProblem: 'it is private' }, 'mlflow-2')], nothing);
    expect(said(trouble)).toContain(':warning: Does not post here yet: it is private.');
    expect(said(toolList([listed({}, 'mlflow-2')], nothing))).toContain('Posts here as *mlflow-2*.');
  });

  it('of many is cut, says how to reach the others, and draws with as many sources', () => {
    const source = {
      source: {
        workspace: 'T1',
        id: '00000000-0000-4000-8000-000000000002',
        name: 'json',
        kind: 'json' as const,
        secret: '',
        formerSecret: null,
        formerUntil: null,
        modelId: null,
        environment: null,
        madeBy: 'OLGA',
        madeAt: at,
        revokedAt: null,
      },
      model: null,
      last: null,
      lastProblem: null,
    };
    const posting = sourceList(Array.from({ length: 21 }, () => source));
    const many = Array.from({ length: 11 }, () => listed({ name: nasty, problem: nasty, hookProblem: nasty }, nasty));
    const list = toolList(many, posting);
    expect(messageProblems(list)).toEqual([]);
    expect(said(list)).toContain('There are more than these 10');
    expect(said(list)).toContain('There are more than these 20');
    expect(said(list)).toContain('Connect a tool');
    expect(pinging(list)).toBe(false);
  });
});

describe('the cards', () => {
  const odd = connection({ name: nasty, problem: nasty, found: nasty, hookProblem: nasty });
  it.each([
    ['tried', triedCard(odd)],
    ['works', triedCard({ ...odd, problem: '' })],
    ['signing', signingCard(odd, 'whsec_x')],
    ['posting', postingCard(odd, nasty, nothing)],
    ['posts', postingCard({ ...odd, hookProblem: '' }, nasty, nothing)],
    ['forget', forgetAsked(odd)],
  ])('%s is drawn with words of strangers, which ping nobody', (_, card) => {
    expect(messageProblems(card)).toEqual([]);
    expect(pinging(card)).toBe(false);
    expect(/hidden-path|sealed-secret/.test(said(card))).toBe(false);
  });
});

describe('the form', () => {
  const inputs = (kind: ConnectionKind, before?: Connection) =>
    formFor(kind, before).blocks.map((each) => each.block_id);
  it.each([
    ['mlflow', ['url', 'signIn', 'username', 'secret', 'space', 'name']],
    ['airflow', ['url', 'signIn', 'username', 'secret', 'name']],
    ['kubeflow', ['url', 'signIn', 'secret', 'space', 'name']],
    ['webhook', ['url', 'name']],
  ] as const)('of %s asks only what it needs', (kind, wanted) => {
    expect(inputs(kind)).toEqual(wanted);
    expect(viewComplaints({ ...formFor(kind) })).toEqual([]);
    expect(viewComplaints({ ...formFor(kind, connection({ kind })) })).toEqual([]);
  });

  it('to edit is filled in, except for the secret', () => {
    const words = said(formFor('mlflow', connection()));
    expect(words).toContain('"initial_value":"https://mlflow.example/hidden-path"');
    expect(words).toContain('"initial_value":"pit"');
    expect(words).toContain('Left empty, the one that I keep stays.');
    expect(words).not.toContain('sealed-secret');
  });

  it('of Kubeflow offers no password', () => {
    expect(said(formFor('kubeflow'))).not.toContain('User and password');
    expect(said(formFor('airflow'))).toContain('User and password');
  });
});
