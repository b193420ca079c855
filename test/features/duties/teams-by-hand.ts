import { matrix, type Cell, type DutyId, type RoleId } from '../../../src/features/duties/matrix.ts';
import type { Assignments, Away, ModelFacts, Someone, TeamFacts } from '../../../src/features/duties/rules.ts';

/** A Monday noon. */
export const now = new Date('2026-11-23T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

interface Row {
  /** What the row is about, and why the answer is what it is. */
  readonly why: string;
  readonly team: TeamFacts;
  readonly model: ModelFacts;
  /** Every gap there is, as "duty: kind". */
  readonly expected: readonly string[];
}

function someone(id: string, roles: readonly RoleId[], rest: Partial<Someone> = {}): Someone {
  return { id, roles, hasAccount: true, inTeam: true, zone: 'UTC', away: [], ...rest };
}

/** Two people for each role of the trade, so that nothing hangs on one; all in UTC. */
const crew: readonly Someone[] = (['ds', 'mle', 'de', 'ops', 'qa', 'mon', 'pm'] as const).flatMap((role) => [
  someone(`${role}1`, [role]),
  someone(`${role}2`, [role]),
]);

/** The crew with other people in place of those who have the role. */
const crewWith = (role: RoleId, ...people: readonly Someone[]) => [
  ...crew.filter(({ roles }) => !roles.includes(role)),
  ...people,
];

function team(people: readonly Someone[] = crew, rest: Partial<TeamFacts> = {}): TeamFacts {
  const hours = { zone: 'UTC', hoursFrom: '09:00', hoursTo: '17:00', workdays: [1, 2, 3, 4, 5] };
  return { ...hours, people, assigned: {}, matrix, ...rest };
}

function named(duty: DutyId, people: readonly string[], days = 1): Assignments {
  return { [duty]: people.map((personId) => ({ personId, confirmedAt: daysAgo(days) })) };
}

/** Two names on every duty that is the owner's by role, so that tier 1 has nothing to say of them. */
const ownersShared: Assignments = Object.assign(
  {},
  ...(['deploy.approve', 'rollback.approve', 'gov.owner', 'gov.deputy', 'gov.inventory'] as const).map((duty) =>
    named(duty, ['ds1', 'ds2']),
  ),
);

function model(tier: 1 | 2 | 3, rest: Partial<ModelFacts> = {}): ModelFacts {
  return { id: 'm', tier, ownerId: 'ds1', confirmedAt: daysAgo(1), assigned: {}, ...rest };
}

const critical = (assigned: Assignments = {}) => model(1, { assigned: { ...ownersShared, ...assigned } });

function changed(duty: DutyId, change: Partial<Cell>): readonly Cell[] {
  return matrix.map((cell) => (cell.id === duty ? { ...cell, ...change } : cell));
}

const away = (from: string, until: string): { away: readonly Away[] } => ({ away: [{ from, until }] });
const sole = (role: RoleId, rest: Partial<Someone>) => team(crewWith(role, someone('sole', [role], rest)));

export const rows: readonly Row[] = [
  {
    why: 'two people for every role at tier 2: every duty is held, awake, confirmed',
    team: team(),
    model: model(2),
    expected: [],
  },
  {
    why: 'the same at tier 1: the hat of the owner is worn by one, so what is the owner’s hangs on one person',
    team: team(),
    model: model(1),
    expected: [
      'deploy.approve: single',
      'rollback.approve: single',
      'gov.owner: single',
      'gov.deputy: single',
      'gov.inventory: single',
    ],
  },
  {
    why: 'tier 1 with two names on the duties of the owner: names come before roles, nothing is left',
    team: team(),
    model: critical(),
    expected: [],
  },
  {
    why: 'tier 3 asks for an owner and somebody who runs the rituals, and for nothing else',
    team: team([someone('ds1', ['ds']), someone('pm1', ['pm'])]),
    model: model(3),
    expected: [],
  },
  {
    why: 'tier 3 without a product manager: the rituals are held by nobody',
    team: team([someone('ds1', ['ds'])]),
    model: model(3),
    expected: ['agile.facilitate: none'],
  },
  {
    why: 'a team of nobody: both duties of tier 3 are open',
    team: team([]),
    model: model(3),
    expected: ['gov.owner: none', 'agile.facilitate: none'],
  },
  {
    why: 'no data engineer at tier 2: the four duties of the data path are open',
    team: team(crewWith('de')),
    model: model(2),
    expected: ['data.pipeline: none', 'data.schema: none', 'data.freshness: none', 'data.privacy: none'],
  },
  {
    why: 'no tester at tier 2: independent validation and facilitation are asked of tier 1 only',
    team: team(crewWith('qa')),
    model: model(2),
    expected: ['validate.pipeline: none'],
  },
  {
    why: 'no tester at tier 1: all three are open',
    team: team(crewWith('qa')),
    model: critical(),
    expected: ['validate.independent: none', 'validate.pipeline: none', 'postmortem.facilitate: none'],
  },
  {
    why: 'one tester at tier 1: held, but by one',
    team: sole('qa', {}),
    model: critical(),
    expected: ['validate.independent: single', 'validate.pipeline: single', 'postmortem.facilitate: single'],
  },
  {
    why: 'one tester at tier 2: being one is asked at tier 1 only',
    team: sole('qa', {}),
    model: model(2),
    expected: [],
  },
  {
    why: 'on call and leading incidents is for either role: without operations the ML engineers still hold it',
    team: team(crewWith('ops')),
    model: model(2),
    expected: ['deploy.infra: none', 'monitor.compute: none', 'rollback.path: none'],
  },
  {
    why: 'the only data scientist is also the only tester: nobody else can validate what they build',
    team: team([...crewWith('qa').filter(({ id }) => !id.startsWith('ds')), someone('both', ['ds', 'qa'])]),
    model: model(1, {
      ownerId: 'mle1',
      assigned: Object.fromEntries(
        Object.keys(ownersShared).map((duty) => [
          duty,
          ['mle1', 'mle2'].map((personId) => ({ personId, confirmedAt: now })),
        ]),
      ),
    }),
    expected: [
      'validate.independent: conflict',
      'goal.offline-online: single',
      'train.reviewed: single',
      'train.baseline: single',
      'validate.slices: single',
      'validate.independent: single',
      'validate.pipeline: single',
      'retrain.accept: single',
      'postmortem.facilitate: single',
    ],
  },
  {
    why: 'two who build and test both: one validates what the other builds',
    team: team([
      ...crewWith('qa').filter(({ id }) => !id.startsWith('ds')),
      someone('ds1', ['ds', 'qa']),
      someone('ds2', ['ds', 'qa']),
    ]),
    model: critical(),
    expected: [],
  },
  {
    why: 'one name on releasing and on approving: nobody else may approve',
    team: team(),
    model: critical({ ...named('deploy.release', ['mle1']), ...named('deploy.approve', ['mle1']) }),
    expected: ['deploy.approve: conflict', 'deploy.release: single', 'deploy.approve: single'],
  },
  {
    why: 'one approver among two releasers: the other one releases',
    team: team(),
    model: critical({ ...named('deploy.release', ['mle1', 'mle2']), ...named('deploy.approve', ['mle1']) }),
    expected: ['deploy.approve: single'],
  },
  {
    why: 'the second releaser is deactivated: only who is there can share the work',
    team: team([...crew, someone('gone', ['mle'], { hasAccount: false })]),
    model: critical({ ...named('deploy.release', ['mle1', 'gone']), ...named('deploy.approve', ['mle1']) }),
    expected: ['deploy.approve: conflict', 'deploy.release: single', 'deploy.approve: single'],
  },
  {
    why: 'who leads incidents also runs the post-mortem; at tier 2 the post-mortem is not asked, so nothing breaks',
    team: team(crew, {
      assigned: { ...named('incident.lead', ['ops1']), ...named('postmortem.facilitate', ['ops1']) },
    }),
    model: model(2),
    expected: [],
  },
  {
    why: 'the same at tier 1',
    team: team(crew, {
      assigned: { ...named('incident.lead', ['ops1']), ...named('postmortem.facilitate', ['ops1']) },
    }),
    model: critical(),
    expected: ['postmortem.facilitate: conflict', 'incident.lead: single', 'postmortem.facilitate: single'],
  },
  {
    why: 'a name on the model that is deactivated: a name decides, so the roles are not looked at',
    team: team([...crew, someone('gone', ['ops'], { hasAccount: false })]),
    model: model(2, { assigned: named('oncall', ['gone']) }),
    expected: ['oncall: inactive'],
  },
  {
    why: 'a name on the team that has left the team',
    team: team([...crew, someone('left', [], { inTeam: false })], { assigned: named('comms.digest', ['left']) }),
    model: model(2),
    expected: ['comms.digest: inactive'],
  },
  {
    why: 'a name nobody knows any more is nobody who is there',
    team: team(crew, { assigned: named('comms.digest', ['U999']) }),
    model: model(2),
    expected: ['comms.digest: inactive'],
  },
  {
    why: 'by role only active members hold: a deactivated tester holds nothing, so nobody does',
    team: sole('qa', { hasAccount: false }),
    model: model(2),
    expected: ['validate.pipeline: none'],
  },
  {
    why: 'eleven working days away is long: still a member with the role, but not there',
    team: sole('qa', away('2026-11-23', '2026-12-07')),
    model: model(2),
    expected: ['validate.pipeline: inactive'],
  },
  {
    why: 'ten working days are not long; but in the promised hours of this week nobody is there',
    team: sole('qa', away('2026-11-23', '2026-12-04')),
    model: model(2),
    expected: ['validate.pipeline: hours'],
  },
  {
    why: 'the last day of three weeks: the days gone by count',
    team: sole('qa', away('2026-11-02', '2026-11-23')),
    model: model(2),
    expected: ['validate.pipeline: inactive'],
  },
  {
    why: 'back since yesterday: over is over',
    team: sole('qa', away('2026-11-02', '2026-11-22')),
    model: model(2),
    expected: [],
  },
  {
    why: 'two entries with a weekend between them are one stretch of eleven working days',
    team: sole('qa', {
      away: [
        { from: '2026-11-16', until: '2026-11-27' },
        { from: '2026-11-30', until: '2026-11-30' },
      ],
    }),
    model: model(2),
    expected: ['validate.pipeline: inactive'],
  },
  {
    why: 'one of two testers is long absent at tier 1: one is left',
    team: team(crewWith('qa', someone('qa1', ['qa']), someone('qa2', ['qa'], away('2026-11-09', '2026-12-18')))),
    model: critical(),
    expected: ['validate.independent: single', 'validate.pipeline: single', 'postmortem.facilitate: single'],
  },
  {
    why: 'one day off tomorrow leaves a hole in the promised hours, when nobody else holds it',
    team: sole('qa', away('2026-11-24', '2026-11-24')),
    model: model(2),
    expected: ['validate.pipeline: hours'],
  },
  {
    why: 'a day off on a Sunday is promised to nobody',
    team: sole('qa', away('2026-11-29', '2026-11-29')),
    model: model(2),
    expected: [],
  },
  {
    why: 'in Auckland it is night while this team works',
    team: sole('qa', { zone: 'Pacific/Auckland' }),
    model: model(2),
    expected: ['validate.pipeline: hours'],
  },
  {
    why: 'New York gets up at noon UTC: the morning is open',
    team: sole('qa', { zone: 'America/New_York' }),
    model: model(2),
    expected: ['validate.pipeline: hours'],
  },
  {
    why: 'in Berlin people are awake from 6:00 to 22:00 UTC: awake is enough, at work is not asked',
    team: sole('qa', { zone: 'Europe/Berlin' }),
    model: model(2),
    expected: [],
  },
  {
    why: 'a promise around the clock: New York and Singapore together leave no hole',
    team: team(
      crew.map((each, i) => ({ ...each, zone: i % 2 === 0 ? 'America/New_York' : 'Asia/Singapore' })),
      { hoursFrom: '00:00', hoursTo: '00:00' },
    ),
    // The owner's duties hang on New York alone; the deputy in Singapore shares them by name.
    model: model(2, { assigned: ownersShared }),
    expected: [],
  },
  {
    why: 'a name on the model comes before one on the team',
    team: team(crew, { assigned: named('oncall', ['ops1', 'ops2']) }),
    model: critical(named('oncall', ['mle1'])),
    expected: ['oncall: single'],
  },
  {
    why: 'a name on the team comes before the roles',
    team: team(crew, { assigned: named('oncall', ['ops1']) }),
    model: critical(),
    expected: ['oncall: single'],
  },
  {
    why: 'the same person named twice is one',
    team: team(crew, { assigned: named('oncall', ['ops1', 'ops1']) }),
    model: critical(),
    expected: ['oncall: single'],
  },
  {
    why: 'somebody with two roles that may both be on call is one person',
    team: team([...crewWith('ops').filter(({ id }) => !id.startsWith('mle')), someone('x', ['ops', 'mle', 'ds'])], {
      assigned: { ...named('deploy.release', ['ds1', 'ds2']) },
    }),
    model: critical(),
    expected: [
      'features.tested: single',
      'train.reproducible: single',
      'validate.gate: single',
      'deploy.infra: single',
      'monitor.compute: single',
      'monitor.dependencies: single',
      'oncall: single',
      'rollback.path: single',
      'incident.lead: single',
    ],
  },
  {
    why: 'named 91 days ago and not confirmed since',
    team: team(crew, { assigned: named('oncall', ['ops1', 'ops2'], 91) }),
    model: model(2),
    expected: ['oncall: stale'],
  },
  {
    why: 'the 90th day still counts',
    team: team(crew, { assigned: named('oncall', ['ops1', 'ops2'], 90) }),
    model: model(2),
    expected: [],
  },
  {
    why: 'one of two names is old: the oldest counts',
    team: team(crew, {
      assigned: {
        oncall: [
          { personId: 'ops1', confirmedAt: daysAgo(120) },
          { personId: 'ops2', confirmedAt: daysAgo(2) },
        ],
      },
    }),
    model: model(2),
    expected: ['oncall: stale'],
  },
  {
    why: 'who holds by role rests on the card of the model, which is old; a fresh name does not',
    team: team(crew, { assigned: named('agile.facilitate', ['pm1']) }),
    model: model(3, { confirmedAt: daysAgo(100) }),
    expected: ['gov.owner: stale'],
  },
  {
    why: 'nobody is there and the name is old: nobody there is all that is said',
    team: team([...crew, someone('gone', [], { hasAccount: false })], { assigned: named('oncall', ['gone'], 200) }),
    model: model(2),
    expected: ['oncall: inactive'],
  },
  {
    why: 'several gaps of one duty at tier 1: one name, asleep, and old',
    team: team([...crew, someone('far', [], { zone: 'Pacific/Auckland' })], { assigned: named('oncall', ['far'], 91) }),
    model: critical(),
    expected: ['oncall: hours', 'oncall: single', 'oncall: stale'],
  },
  {
    why: 'the owner is long absent and the deputy is there: the deputy wears the hat',
    team: team([
      someone('ds1', ['ds'], away('2026-11-02', '2026-12-31')),
      someone('mle1', ['mle']),
      someone('pm1', ['pm']),
    ]),
    model: model(3, { deputyId: 'mle1' }),
    expected: [],
  },
  {
    why: 'the owner is long absent and there is no deputy',
    team: team([someone('ds1', ['ds'], away('2026-11-02', '2026-12-31')), someone('pm1', ['pm'])]),
    model: model(3, { deputyId: null }),
    expected: ['gov.owner: inactive'],
  },
  {
    why: 'the card says that there is no deputy: no role makes up for it',
    team: team(),
    model: model(2, { named: { 'gov.owner': ['ds1'], 'gov.deputy': [] } }),
    expected: ['gov.deputy: none'],
  },
  {
    why: 'the card names an owner who left',
    team: team([...crew, someone('left', [], { inTeam: false })]),
    model: model(3, { ownerId: 'left', named: { 'gov.owner': ['left'] } }),
    expected: ['gov.owner: inactive'],
  },
  {
    why: 'a person may have the hat as a role of their own',
    team: team([...crew, someone('boss', ['owner'])]),
    model: { id: 'm', tier: 2, confirmedAt: now, assigned: {} },
    expected: [],
  },
  {
    why: 'the team says that ML engineers keep the schema',
    team: team(crewWith('de'), { matrix: changed('data.schema', { responsible: ['mle'] }) }),
    model: model(2),
    expected: ['data.pipeline: none', 'data.freshness: none', 'data.privacy: none'],
  },
  {
    why: 'the team asks the digest of tier 1 only',
    team: team(crewWith('pm', someone('pm1', ['pm'], { hasAccount: false })), {
      matrix: changed('comms.digest', { requiredTiers: [1] }),
    }),
    model: model(2),
    expected: ['goal.metric: none', 'comms.demo: none', 'agile.facilitate: none'],
  },
  {
    why: 'the team keeps approving apart from two duties, and each of two approvers is the only one for one of them',
    team: team(crew, {
      matrix: changed('rollback.approve', { mustDifferFrom: ['deploy.release', 'incident.lead'] }),
      assigned: { ...named('deploy.release', ['ds1']), ...named('incident.lead', ['ds2']) },
    }),
    model: critical(),
    expected: ['rollback.approve: conflict', 'deploy.release: single', 'incident.lead: single'],
  },
  {
    why: 'a listed duty that nobody holds keeps nobody from approving',
    team: team(crewWith('mle'), { assigned: named('incident.lead', ['ops1', 'ops2']) }),
    model: model(2, { assigned: named('deploy.approve', ['ops1']) }),
    expected: [
      'features.tested: none',
      'train.reproducible: none',
      'validate.gate: none',
      'deploy.release: none',
      'monitor.dependencies: none',
    ],
  },
];
