import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actions } from '../src/actions.ts';
import { features } from '../src/features/index.ts';

/** Ground floor first. A file may import its own room's folder and any floor below; never one above or beside. */
const floors = [
  ['lib/', 'version.ts'],
  ['slack/', 'charts/'],
  ['ports.ts', 'config.ts'],
  ['db/'],
  ['context.ts', 'actions.ts'],
  ['doors.ts', 'ledger/', 'time/'],
  ['messages/'],
  ['features/installations/', 'features/teams/'],
  ['features/calendars/'],
  ['features/models/', 'features/rituals/'],
  [
    'features/catalog/',
    'features/delegations/',
    'features/duties/',
    'features/handovers/',
    'features/metrics/',
    'features/sources/',
  ],
  ['features/connections/'],
  ['features/departures/', 'features/datasets/', 'features/releases/', 'features/deployers/'],
  ['features/drift/', 'features/blockers/', 'features/work/'],
  ['features/goals/', 'features/distributions/', 'features/gates/'],
  ['features/approvals/', 'features/watches/'],
  ['features/incidents/'],
  ['features/postmortems/', 'features/rollbacks/', 'features/promotions/'],
  [
    'features/retraining/',
    'features/incident-figures/',
    'features/timelines/',
    'features/postmortem-library/',
    'features/declarations/',
    'features/work-from-messages/',
  ],
  ['features/test-score/', 'features/facts/'],
  ['features/standups/'],
  ['features/home/'],
  ['features/index.ts', 'integrations/', 'runtime/'],
  ['app.ts', 'manifest.ts', 'demo/'],
  ['main.ts', 'ledger-verify.ts', 'write-manifests.ts', 'demo.ts'],
];
/** These stand apart: they import nothing of the house, and only the demo and tests import them. */
const apart = ['local-slack/', 'local-mlflow/', 'local-airflow/'];

const src = resolve('src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const house = files.filter((file) => !apart.some((room) => file.startsWith(room)));
const text = new Map(files.map((file) => [file, readFileSync(join(src, file), 'utf8')]));
const textOf = (file: string) => text.get(file) ?? '';
const floorOf = (file: string) => floors.findIndex((rooms) => rooms.some((room) => file.startsWith(room)));
const roomOf = (file: string) => [...floors.flat(), ...apart].find((room) => file.startsWith(room));

interface Import {
  readonly from: string;
  readonly to: string;
}
/** Types count: `import type` is an import. */
const imported = files.flatMap((from) =>
  [...textOf(from).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((found) => ({ from, to: found[1] ?? '' })),
);
const local: Import[] = imported
  .filter(({ to }) => to.startsWith('.'))
  .map(({ from, to }) => ({ from, to: relative(src, resolve(src, from, '..', to)) }));
const packages = imported.filter(({ to }) => !to.startsWith('.'));
const arrows = (list: readonly Import[]) => list.map(({ from, to }) => `${from} -> ${to}`);
const having = (pattern: RegExp, list = house) => list.filter((file) => pattern.test(textOf(file)));

describe('floors', () => {
  it('every file stands on one', () => expect(house.filter((file) => floorOf(file) === -1)).toEqual([]));

  it('imports lead downwards only', () => {
    const inside = local.filter(({ from }) => house.includes(from));
    const upward = inside.filter(({ from, to }) => roomOf(from) !== roomOf(to) && floorOf(to) >= floorOf(from));
    expect(arrows(upward)).toEqual([]);
  });

  it('no file imports itself in a circle, types included', () => {
    const next = new Map(files.map((file) => [file, local.filter(({ from }) => from === file).map(({ to }) => to)]));
    const reaches = (start: string) => {
      const seen = new Set<string>();
      const queue = [...(next.get(start) ?? [])];
      for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
        if (file === start) return true;
        if (!seen.has(file)) queue.push(...(next.get(file) ?? []));
        seen.add(file);
      }
      return false;
    };
    expect(files.filter(reaches)).toEqual([]);
  });

  it('the stand-ins import nothing of the house, and only the demo imports them', () => {
    const into = local.filter(({ from, to }) => apart.includes(roomOf(from) ?? '') && roomOf(to) !== roomOf(from));
    const used = local.filter(({ from, to }) => house.includes(from) && apart.includes(roomOf(to) ?? ''));
    expect(arrows(into)).toEqual([]);
    expect(arrows(used.filter(({ from }) => !from.startsWith('demo')))).toEqual([]);
  });

  it('integrations know features, features never know integrations', () => {
    expect(
      arrows(local.filter(({ from, to }) => from.startsWith('features/') && to.startsWith('integrations/'))),
    ).toEqual([]);
  });
});

describe('rooms', () => {
  /** A long store is split into queries and changes, long views into views and forms. */
  const rooms = new Set([
    'schema.ts',
    'rules.ts',
    'views.ts',
    'forms.ts',
    'store.ts',
    'queries.ts',
    'changes.ts',
    'doors.ts',
  ]);
  /** A feature may have one more part with a name of its own. */
  const sixth = new Set([
    'calendars/almanac.ts',
    'calendars/suggesting.ts',
    'duties/matrix.ts',
    'blockers/clock.ts',
    'blockers/needs.ts',
    'blockers/routing.ts',
    'metrics/reading.ts',
    'connections/access.ts',
    'connections/trying.ts',
    'sources/heard.ts',
    'sources/kinds.ts',
    'drift/intake.ts',
    'facts/gathering.ts',
    'facts/words.ts',
    'rituals/asked.ts',
    'rituals/dates.ts',
    'rituals/quiet.ts',
    'rituals/times.ts',
    'rituals/words.ts',
    'standups/history/documents.ts',
    'drift/columns.ts',
    'drift/silence.ts',
    'drift/leases.ts',
    'drift/calls.ts',
    'drift/alarms.ts',
    'drift/raising.ts',
    'drift/digest.ts',
    'drift/words.ts',
    'drift/windows.ts',
    'drift/verdicts.ts',
    'goals/words.ts',
    'goals/burning.ts',
    'gates/checks/comparing.ts',
    'gates/checks/direction.ts',
    'gates/checks/hashing.ts',
    'gates/checks/judging.ts',
    'gates/checks/kinds.ts',
    'gates/checks/language.ts',
    'gates/checks/material.ts',
    'gates/checks/metric.ts',
    'gates/checks/mlflow.ts',
    'gates/checks/numbers.ts',
    'gates/checks/printing.ts',
    'gates/evidence/items.ts',
    'gates/evidence/registry.ts',
    'gates/words.ts',
    'distributions/picture.ts',
    'releases/registry/looking.ts',
    'releases/intake.ts',
    'incidents/intake.ts',
    'incidents/milestones.ts',
    'retraining/following.ts',
    'test-score/sheet.ts',
    'deployers/alias.ts',
    'deployers/hook.ts',
    'deployers/pipeline.ts',
    'deployers/deployer.ts',
    'approvals/executor.ts',
    'approvals/planning.ts',
    'approvals/quorum.ts',
    'incidents/channel.ts',
    'postmortems/draft.ts',
    'postmortem-library/document.ts',
    'postmortem-library/canvas/writing.ts',
    'postmortems/fairness/structure.ts',
    'postmortems/fairness/words.ts',
  ]);
  /** Formulas have a folder of their own, pure like rules. */
  const formulas = /^(metrics\/formulas|drift\/detectors)\//;
  /** What is known of each kind is one read each, with its statement, and its sentences beside it. */
  const kinds = /^facts\/(providers|sentences)\//;
  const inFeatures = house.filter((file) => /^features\/.+\//.test(file)).map((file) => file.slice('features/'.length));

  it('a feature folder holds the five rooms, and at most one more that is named here', () => {
    const isNamed = (file: string) =>
      rooms.has(file.split('/').at(-1) ?? '') || sixth.has(file) || formulas.test(file) || kinds.test(file);
    expect(inFeatures.filter((file) => !isNamed(file))).toEqual([]);
  });

  const room = (name: string) => house.filter((file) => file.startsWith('features/') && file.endsWith(`/${name}`));
  const importsOf = (list: readonly string[]) => local.filter(({ from }) => list.includes(from));

  it('a schema imports only column words, other schemas and the types of its jsonb', () => {
    const odd = importsOf(room('schema.ts')).filter(
      ({ to }) => !/(schema|columns|ports|draft|recurrence)\.ts$/.test(to),
    );
    expect(arrows(odd)).toEqual([]);
  });

  it('whoever reads incidents says for whom: private ones are left out for everybody else', () => {
    const reads = house.filter(
      (file) => /\bincidents\b[^;]*from '[./]+incidents\/schema\.ts'/.test(textOf(file)) && !file.endsWith('schema.ts'),
    );
    expect(reads.length).toBeGreaterThan(2);
    expect(reads.filter((file) => !textOf(file).includes('visibleTo(ctx, '))).toEqual([]);
  });

  it('rules and views are pure: no store, no context, no database, no clock', () => {
    const others = /(\/draft|\/words|\/structure|rituals\/(asked|dates|quiet|times)|\/(formulas|sentences)\/.+)\.ts$/;
    const pure = [...['rules.ts', 'views.ts', 'forms.ts'].flatMap(room), ...house.filter((file) => others.test(file))];
    const odd = importsOf(pure).filter(({ to }) => /(store|context|announce|ledger|client|intake|doors)\.ts$/.test(to));
    expect(arrows(odd)).toEqual([]);
    expect(having(/new Date\(\)|Date\.now|Math\.random/, pure)).toEqual([]);
  });

  it('a store imports neither doors nor the views and rules of another feature', () => {
    const odd = importsOf(['store.ts', 'queries.ts', 'changes.ts'].flatMap(room)).filter(
      ({ from, to }) =>
        to.endsWith('doors.ts') || (/(views|rules)\.ts$/.test(to) && to.split('/')[1] !== from.split('/')[1]),
    );
    expect(arrows(odd)).toEqual([]);
  });

  it('nobody but the list of features imports a door', () => {
    const odd = local.filter(({ from, to }) => /^features\/.+\/doors\.ts$/.test(to) && from !== 'features/index.ts');
    // The menu of `/ml` is handed to the runtime where everything is introduced.
    expect(arrows(odd)).toEqual(['app.ts -> features/home/doors.ts']);
  });
});

describe('rules of the house', () => {
  it('there is no Drizzle relations() and no barrel', () => {
    expect(having(/\brelations\(/)).toEqual([]);
    expect(having(/^export (\*|\{[^}]*\}) from/m)).toEqual([]);
  });

  it('SQL is written only in stores, the ledger, the messages, the clock and the database', () => {
    const mayHave =
      /^(ledger|messages|db)\/|\/(store|queries|changes|schema)\.ts$|^context\.ts$|^features\/facts\/providers\//;
    const knows = packages.filter(
      ({ from, to }) => /^(drizzle-orm|postgres|@electric-sql)/.test(to) && house.includes(from),
    );
    expect(arrows(knows.filter(({ from }) => !mayHave.test(from)))).toEqual([]);
    expect(having(/\bdb\s*\.(select|insert|update|delete|execute)\(/).filter((file) => !mayHave.test(file))).toEqual(
      [],
    );
  });

  it('every transaction hides the outer context, so that nothing can use it inside', () => {
    const verbs = local.filter(({ to }) => to === 'context.ts').map(({ from }) => from);
    const opened = verbs.flatMap((file) =>
      [...textOf(file).matchAll(/\bwithin\(([^,]+), (?:async )?\(?(\w+)/g)].map((found) => ({
        file,
        outer: found[1],
        inner: found[2],
      })),
    );
    expect(opened.length).toBeGreaterThan(20);
    expect(opened.filter(({ outer, inner }) => outer !== inner)).toEqual([]);
  });

  it('only the configuration reads the environment, and only the composition makes the time', () => {
    expect(having(/process\.env/).filter((file) => file !== 'config.ts')).toEqual([]);
    expect(having(/new Date\(\)/).filter((file) => !/^(app|demo)/.test(file))).toEqual([]);
  });

  it('only the runtime knows Bolt, Hono and node-cron', () => {
    const odd = packages.filter(
      ({ from, to }) => /^(@slack\/(bolt|web-api|socket-mode)|hono|@hono\/|node-cron)/.test(to) && house.includes(from),
    );
    expect(arrows(odd.filter(({ from }) => !from.startsWith('runtime/')))).toEqual([]);
  });

  it('there are no classes but Refusal, no enums, no default exports', () => {
    expect(having(/^(export )?(abstract )?class /m, files)).toEqual(['lib/refusal.ts']);
    expect(having(/^(export )?(const )?enum |^export default/m, files)).toEqual([]);
  });

  it('file names are kebab-case and say what is inside', () => {
    const names = files.map((file) => file.split('/').at(-1) ?? '');
    expect(
      names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.ts$/.test(name) || /^(utils?|helpers?)\.ts$/.test(name)),
    ).toEqual([]);
  });
});

describe('addresses', () => {
  const answered = features.flatMap((feature) => feature.actions ?? []).map((door) => door.id);

  it('every address has exactly one door', () => {
    expect(answered.toSorted()).toEqual(
      Object.values(actions)
        .map((each) => each.id)
        .toSorted(),
    );
  });

  it('no two doors share a command, a form or a job', () => {
    const names = features.flatMap((feature) => [
      ...(feature.commands ?? []).map((door) => `command ${door.pattern}`),
      ...(feature.forms ?? []).map((door) => `form ${door.id}`),
      ...(feature.jobs ?? []).map((door) => `job ${door.name}`),
      ...(feature.workers ?? []).map((door) => `worker ${door.name}`),
    ]);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});
