import type { AskedRole, Check } from '../schema.ts';
import { type Judged, type Material, postedUnder } from './material.ts';
import { asPercent, figures, roughPercent } from './numbers.ts';

type Of<K extends Check['kind']> = Extract<Check, { kind: K }>;

const hourMs = 3_600_000;
/** A drift report that is older says nothing of now. */
const staleDriftMs = 7 * 24 * hourMs;

export function judgeDrift({ max_drifted_share: most }: Of<'drift'>, { drift, now, model }: Material): Judged {
  if (!drift)
    return {
      outcome: 'missing',
      failed: ['no_report'],
      because: `No drift tool reported on ${model}`,
      todo: 'Connect one with /ml connect, or take this line out',
      used: {},
    };
  const { at, share, source } = drift;
  const used = { at: at.toISOString(), share, source };
  const seen = `${roughPercent(share)} of the columns drifted in the window of ${minuteOf(at)} (${source})`;
  if (now.getTime() - at.getTime() > staleDriftMs)
    return {
      outcome: 'inconclusive',
      failed: ['too_old'],
      because: `${seen}, which is older than 7 days`,
      todo: 'See why no newer report came in',
      used,
    };
  const isOver = share > most + 1e-9;
  return {
    outcome: isOver ? 'fail' : 'pass',
    failed: isOver ? ['max_drifted_share'] : [],
    because: isOver ? `${seen}; at most ${asPercent(most)} is allowed` : seen,
    ...(isOver && { todo: 'Look at /ml drift, and train on newer data if the change is real' }),
    used,
  };
}

export function judgeExternal({ name }: Of<'external'>, material: Material): Judged {
  const { version } = material;
  const posted = postedUnder(material, { version, kinds: ['external'], name });
  if (!posted?.status)
    return {
      outcome: 'missing',
      failed: ['no_value'],
      because: `Nobody said how ${name} went for version ${version}`,
      todo: `Let its pipeline post the status of ${name} to /api/v1/evidence`,
      used: {},
    };
  const { status, at, url } = posted;
  const used = { status, at: at.toISOString(), url };
  const when = minuteOf(at);
  switch (status) {
    case 'passed':
      return { outcome: 'pass', failed: [], because: `It passed (${when})`, used };
    case 'failed':
      return {
        outcome: 'fail',
        failed: ['status'],
        because: `It failed (${when})`,
        todo: `Mend what ${name} found, and let it run again`,
        used,
      };
    case 'unfinished':
      return {
        outcome: 'inconclusive',
        failed: ['unfinished'],
        because: `It was not finished (${when})`,
        todo: 'Check again when it is',
        used,
      };
  }
}

export function judgeInfra(check: Of<'infra'>, material: Material): Judged {
  const { version } = material;
  const parts = [
    ...(check.loaded ? [{ name: 'loaded', holds: (value: number) => value === 1, limit: 'it has to load' }] : []),
    ...(check.p95_ms === undefined ? [] : [atMost('p95_ms', check.p95_ms, String(check.p95_ms))]),
    ...(check.error_rate === undefined ? [] : [atMost('error_rate', check.error_rate, asPercent(check.error_rate))]),
  ].map((part) => ({ ...part, posted: postedUnder(material, { version, kinds: ['infra'], name: part.name }) }));
  const known = parts.flatMap(({ posted, ...part }) =>
    posted && posted.value !== null ? [{ ...part, value: posted.value, at: posted.at }] : [],
  );
  const used = Object.fromEntries(known.map(({ name, value, at }) => [name, { value, at: at.toISOString() }]));
  const broken = known.filter(({ holds, value }) => !holds(value));
  if (broken.length > 0)
    return {
      outcome: 'fail',
      failed: broken.map(({ name }) => name),
      because: broken.map(({ name, value, limit }) => `${infraWords(name, value)}; ${limit}`).join('; '),
      todo: 'Mend how it is served, measure again, and check again',
      used,
    };
  const missing = parts.filter(({ name }) => !known.some((each) => each.name === name)).map(({ name }) => name);
  if (missing.length > 0)
    return {
      outcome: 'missing',
      failed: ['no_value'],
      because: `Nobody said ${missing.join(' and ')} of version ${version}`,
      todo: `Load it in the program that serves, and post ${missing.join(' and ')} to /api/v1/evidence`,
      used,
    };
  return {
    outcome: 'pass',
    failed: [],
    because: known.map(({ name, value }) => infraWords(name, value)).join(', '),
    used,
  };
}

function atMost(name: string, most: number, words: string) {
  return { name, holds: (value: number) => value <= most + 1e-9, limit: `at most ${words} is allowed` };
}

function infraWords(name: string, value: number): string {
  if (name === 'loaded') return value === 1 ? 'it loads' : 'it does not load';
  return `${name} is ${name === 'error_rate' ? roughPercent(value) : figures(value)}`;
}

export function judgeSoak(check: Of<'soak'>, { version, soaks, now }: Material): Judged {
  const { env, hours, no_alerts: quiet } = check;
  const soak = soaks.get(env);
  const used = { live: soak?.live ?? null, since: soak?.since?.toISOString() ?? null, alerts: soak?.alerts ?? [] };
  const wrong = soak?.served !== undefined && soak.served !== version ? soak.served : undefined;
  if (!soak?.since || soak.live !== version || wrong !== undefined)
    return {
      outcome: 'missing',
      failed: ['not_there'],
      because: soakedInstead(env, version, wrong ?? soak?.live),
      todo: `Release version ${version} in ${env} and let it run for ${hours} h`,
      used,
    };
  if (quiet && soak.alerts.length > 0)
    return {
      outcome: 'fail',
      failed: ['no_alerts'],
      because: `Since it is in ${env} there was drift alert ${soak.alerts.slice(0, 3).join(', ')}`,
      todo: 'Look into that alert: a version that is better starts its time anew',
      used,
    };
  const ran = (now.getTime() - soak.since.getTime()) / hourMs;
  const fully = new Date(soak.since.getTime() + hours * hourMs);
  if (ran < hours)
    return {
      outcome: 'inconclusive',
      failed: ['too_short'],
      because: `It ran in ${env} for ${figures(Math.floor(ran * 10) / 10)} of ${hours} h`,
      todo: `Check again after ${minuteOf(fully)}`,
      used,
    };
  return {
    outcome: 'pass',
    failed: [],
    because: `It is in ${env} since ${minuteOf(soak.since)}${quiet ? ', without alerts' : ''}`,
    used,
  };
}

function soakedInstead(env: string, version: string, live: string | undefined): string {
  const instead = live === undefined ? 'I do not know what is live there' : `version ${live} is`;
  return `Version ${version} does not run in ${env}: ${instead}`;
}

export function judgeManual({ question, role }: Of<'manual'>, { answers }: Material): Judged {
  const answer = answers.find((each) => each.question === question && each.role === role);
  if (!answer)
    return {
      outcome: 'missing',
      failed: ['no_answer'],
      because: 'Nobody answered yet',
      todo: `${askedWords[role]}: press Answer`,
      used: {},
    };
  const { yes, note, by, at } = answer;
  const used = { yes, note, by, at: at.toISOString() };
  const said = note === '' ? '' : `: ${note}`;
  return yes
    ? { outcome: 'pass', failed: [], because: `Yes${said}`, used }
    : { outcome: 'fail', failed: ['answer'], because: `No${said}`, todo: 'When that is settled, answer again', used };
}

const askedWords: Readonly<Record<AskedRole, string>> = {
  ds: 'A data scientist of the team',
  mle: 'An ML engineer of the team',
  de: 'A data engineer of the team',
  ops: 'DevOps of the team',
  qa: 'QA of the team',
  mon: 'Whoever watches and retrains in the team',
  pm: 'The product manager of the team',
  stk: 'A stakeholder of the team',
  owner: "The model's owner or deputy",
};

const minuteOf = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
