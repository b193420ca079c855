import { dailySpans } from '../../../time/spans.ts';
import { isWorking, type WorkTime } from '../../blockers/clock.ts';
import { summed } from '../rules.ts';

/** What one team was called. */
export interface TeamCalls {
  readonly team: string;
  readonly work: WorkTime;
  /** Shifts that began before are not counted: nobody noted calls then, or there was no team. */
  readonly since: Date;
  readonly calls: readonly Date[];
}

export interface Shift {
  readonly from: Date;
  readonly until: Date;
  readonly calls: number;
  /** Of them, those in no working hours of the team. */
  readonly outside: number;
}

const dayMs = 86_400_000;

/**
 * Nobody keeps a rota here, so a shift is a day of the team: from the hour at which it begins to work to the same hour of
 * the next day, on every day. Only those that are over by `now` are counted, also where nobody was called.
 */
export function shiftsOf({ work, since, calls }: TeamCalls, now: Date): readonly Shift[] {
  const whole = { zone: work.zone, hoursFrom: work.hoursFrom, hoursTo: work.hoursFrom };
  // Wider than asked for, so that no shift comes out cut.
  const around = { from: since.getTime() - 2 * dayMs, until: now.getTime() + 2 * dayMs };
  return dailySpans(whole, around)
    .filter(({ from, until }) => from >= since.getTime() && until <= now.getTime())
    .map(({ from, until }) => {
      const own = calls.filter((at) => at.getTime() >= from && at.getTime() < until);
      const outside = own.filter((at) => !isWorking(work, at)).length;
      return { from: new Date(from), until: new Date(until), calls: own.length, outside };
    });
}

export interface CallFigure extends ReturnType<typeof summed> {
  readonly team: string;
  readonly calls: number;
  readonly outside: number;
}

/** Of each team that has a shift on record, the one that is called most first. */
export function callFigures(teams: readonly TeamCalls[], now: Date): readonly CallFigure[] {
  return teams
    .flatMap((each) => {
      const shifts = shiftsOf(each, now);
      if (shifts.length === 0) return [];
      const sum = (of: (shift: Shift) => number) => shifts.reduce((total, shift) => total + of(shift), 0);
      const values = shifts.map(({ calls }) => calls).toSorted((a, b) => a - b);
      return [
        {
          team: each.team,
          calls: sum(({ calls }) => calls),
          outside: sum(({ outside }) => outside),
          ...summed(values),
        },
      ];
    })
    .toSorted((a, b) => b.calls - a.calls || (a.team < b.team ? -1 : 1));
}
