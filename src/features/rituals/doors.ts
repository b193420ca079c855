import { actions, type RitualAsked } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onClock, onForm, onLive, onQuestion, onWork, type Who } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { asModal } from '../../slack/blocks.ts';
import { md, type Mrkdwn } from '../../slack/mrkdwn.ts';
import { personById, teamById, teamMeant } from '../teams/queries.ts';
import { dayIn } from '../teams/rules.ts';
import { checkMember, mayEdit } from '../teams/store.ts';
import { askedOf as askedFrom, usualAsked } from './asked.ts';
import { draftOf, endRitual, pauseOrResume, saveRitual } from './changes.ts';
import { comingTakings } from './dates.ts';
import {
  ownWayOf,
  preferencesForm,
  preferencesFormFor,
  ritualForm,
  ritualFormFor,
  ritualPreview,
  saveRitualForm,
} from './forms.ts';
import { followChanges, followDays, followPeople } from './following/changes.ts';
import { openDue } from './opening/changes.ts';
import { follow, saveOwnWay } from './own/changes.ts';
import { followersOf, preferencesOf, ritualsOf, wholeRitual } from './queries.ts';
import type { RitualKind } from './schema.ts';
import {
  endedWords,
  followWords,
  type Listed,
  mostListed,
  ownWayWords,
  pausedWords,
  resumedWords,
  ritualCard,
  ritualList,
  savedWords,
} from './views.ts';
import { draftWords } from './words.ts';

export const rituals: Doors = {
  commands: [
    onQuestion('rituals [team…]', 'What a team does again and again', async (ctx, who, { team: name = '' }) => {
      const team = await teamMeant(ctx, who, name);
      const all = await ritualsOf(ctx, [team.id]);
      const listed = await Promise.all(all.slice(0, mostListed).map((ritual) => listedOf(ctx, ritual.id, who)));
      return { say: ritualList(team, listed, all.length, dayIn(team.zone, ctx.now())) };
    }),
    setUp('standup', 'Set up a standup'),
    setUp('checkin', 'Set up a weekly check-in'),
    setUp('wrapup', 'Set up an end of day'),
    onQuestion('standup settings', 'How you want to be asked: hour, quiet hours, reminders', (ctx, who) =>
      openPreferences(ctx, who),
    ),
  ],
  actions: [
    onLive(actions.drawRitual, ritualForm, async (ctx, _who, { carries, values }) => {
      const asked = await filledIn(ctx, carries, values);
      return { open: ritualFormFor(asked, await words(ctx, asked)) };
    }),
    onAction(actions.changeRitualDraft, async (ctx, _who, asked) => ({
      open: ritualFormFor(asked, await words(ctx, asked)),
    })),
    onAction(actions.showRitual, async (ctx, who, { ritualId }) => {
      const listed = await listedOf(ctx, ritualId, who);
      return { open: asModal('Ritual', ritualCard(listed, dayIn(listed.team.zone, ctx.now()))) };
    }),
    onAction(actions.editRitual, async (ctx, who, { ritualId }) => {
      const { ritual } = await wholeRitual(ctx, ritualId);
      await mayEdit(ctx, ritual.teamId, who.id);
      const asked = askedFrom(ritual);
      return { open: ritualFormFor(asked, await words(ctx, asked)) };
    }),
    onAction(
      actions.pauseRitual,
      async (ctx, who, { ritualId }) => ({
        say: pausedWords((await pauseOrResume(ctx, ritualId, 'pause', who.id)).ritual),
      }),
      checkMember,
    ),
    onAction(
      actions.resumeRitual,
      async (ctx, who, { ritualId }) => {
        const { ritual, next } = await pauseOrResume(ctx, ritualId, 'resume', who.id);
        return { say: resumedWords(ritual, next, await todayOf(ctx, ritual.teamId)) };
      },
      checkMember,
    ),
    onAction(
      actions.endRitual,
      async (ctx, who, { ritualId }) => ({ say: endedWords(await endRitual(ctx, ritualId, who.id)) }),
      checkMember,
    ),
    onAction(
      actions.followRitual,
      async (ctx, who, { ritualId }) => ({ say: followWords(await follow(ctx, ritualId, who.id, true), true) }),
      checkMember,
    ),
    onAction(actions.unfollowRitual, async (ctx, who, { ritualId }) => ({
      say: followWords(await follow(ctx, ritualId, who.id, false), false),
    })),
    onAction(actions.askMeOtherwise, (ctx, who) => openPreferences(ctx, who)),
  ],
  forms: [
    onForm(ritualForm, async (ctx, who, { carries, values }) => {
      await mayEdit(ctx, carries.teamId, who.id);
      const asked = await filledIn(ctx, carries, values);
      const { draft, rule } = await draftOf(ctx, asked);
      const today = await todayOf(ctx, carries.teamId);
      return { open: ritualPreview(asked, [draftWords(draft.name, rule, comingTakings(rule, ctx.now(), 3), today)]) };
    }),
    onForm(
      saveRitualForm,
      async (ctx, who, { carries }) => {
        const saved = await saveRitual(ctx, carries, who.id);
        return { say: savedWords(saved, await todayOf(ctx, carries.teamId)) };
      },
      checkMember,
    ),
    onForm(preferencesForm, async (ctx, who, { values }) => {
      await saveOwnWay(ctx, who.id, ownWayOf(values));
      return { say: ownWayWords };
    }),
  ],
  jobs: [
    onClock('rituals.follow', '* * * * *', (ctx) => untilDone(() => followChanges(ctx))),
    onClock('rituals.again', '13 * * * *', allDays),
  ],
  workers: [onWork('rituals.open', openDue), onWork('rituals.moved', followPeople)],
};

function setUp(kind: RitualKind, help: string) {
  return onQuestion(`${kind} new [team…]`, help, async (ctx, who, { team: name = '' }) => {
    const team = await teamMeant(ctx, who, name);
    await mayEdit(ctx, team.id, who.id);
    const asked = usualAsked(kind, team, dayIn(team.zone, ctx.now()));
    return { open: ritualFormFor(asked, await words(ctx, asked)) };
  });
}

const mostRounds = 200;

/** Closing days may come and go at any time. */
async function allDays(ctx: Context): Promise<void> {
  let after: string | undefined;
  do after = await followDays(ctx, after);
  while (after !== undefined);
}

async function untilDone(work: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < mostRounds && (await work()); i += 1);
}

async function openPreferences(ctx: Context, who: Who) {
  const { zone } = await personById(ctx, who.id);
  return { open: preferencesFormFor((await preferencesOf(ctx, [who.id])).get(who.id), zone) };
}

const todayOf = async (ctx: Context, teamId: string) => dayIn((await teamById(ctx, teamId)).zone, ctx.now());

async function listedOf(ctx: Context, ritualId: string, who: Who): Promise<Listed> {
  const whole = await wholeRitual(ctx, ritualId);
  const followers = await followersOf(ctx, ritualId);
  return { ...whole, coming: comingTakings(whole.rule, ctx.now(), 3), follows: followers.includes(who.id) };
}

/** The rule in words with its next dates; or what does not fit yet. */
async function words(ctx: Context, asked: RitualAsked): Promise<Mrkdwn> {
  try {
    const { draft, rule } = await draftOf(ctx, asked);
    return draftWords(draft.name, rule, comingTakings(rule, ctx.now(), 3), await todayOf(ctx, asked.teamId));
  } catch (error) {
    if (error instanceof Refusal) return md`:pencil2: ${error.message}`;
    throw error;
  }
}

type Filled = Partial<ReturnType<typeof ritualForm.read>['values']>;

/** What stands in the form; what is empty is as usual for its kind. */
async function filledIn(
  ctx: Context,
  carries: Pick<RitualAsked, 'teamId' | 'ritual'>,
  values: Filled,
): Promise<RitualAsked> {
  const team = await teamById(ctx, carries.teamId);
  const kind = kindOf(values.kind);
  const { days, digestDays, until, times, which, clock, whenClosed, reminders, ...text } = values;
  const start = usualAsked(kind, team, dayIn(team.zone, ctx.now()));
  return {
    ...start,
    ...text,
    ...carries,
    kind,
    days: (days ?? []).map(Number),
    digestDays: Number(digestDays ?? 0),
    clock: clock === 'person' ? 'person' : 'team',
    whenClosed: whenClosed === 'move' ? 'move' : 'skip',
    reminders: reminders === 'none' || reminders === 'twice' ? reminders : 'once',
    ...(which !== undefined && { which }),
    ...(until !== undefined && { until }),
    ...(times !== undefined && { times }),
  };
}

function kindOf(value: string | undefined): RitualKind {
  return value === 'checkin' || value === 'wrapup' ? value : 'standup';
}
