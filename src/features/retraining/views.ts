import { actions } from '../../actions.ts';
import type { RunQuestion } from '../../ports.ts';
import { button } from '../../slack/address.ts';
import { buttons, fields, footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { clip, limits } from '../../slack/limits.ts';
import { join, lines, linkTo, md, type Mrkdwn, person, plural, when, withStop } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { longRunMs } from './rules.ts';
import type { Training, TrainingPipeline } from './schema.ts';

export interface Shown {
  readonly training: Training;
  readonly model: Model;
  /** "Airflow" */
  readonly tool: string;
  readonly now: Date;
  /** Who may approve, while it waits. */
  readonly approvers?: readonly string[];
}

/** One message from the asking to the candidate. */
export function trainingCard(shown: Shown): Message {
  const { training, model, tool } = shown;
  const { environment, number, askedBy, approvedBy, reason, excluded, url, pipeline } = training;
  const run = url ? linkTo(url, pipeline) : undefined;
  return message(
    md`Training ${number} of ${model.name}: ${withStop(stateLine(shown))}`,
    section(md`${mark(training)} *Retrain ${model.name}* in ${environment} – training ${number}`),
    fields(
      md`*Asked by*\n${askedBy === 'policy' ? md`the policy of ${model.name}` : person(askedBy)}`,
      md`*Pipeline*\n${tool}: ${run ?? pipeline}`,
      approvedBy === null ? undefined : md`*Approved by*\n${person(approvedBy)}`,
    ),
    section(md`*Why*\n${reason}`),
    excluded.length > 0 &&
      section(
        lines(
          md`*Left out of the data*`,
          ...excluded
            .slice(0, 5)
            .map(({ from, to, why }) => md`• ${when(new Date(from))} to ${when(new Date(to))}: ${why}`),
          excluded.length > 5 && md`and ${excluded.length - 5} more`,
        ),
      ),
    section(stateLine(shown)),
    cardButtons(training, model),
  );
}

function cardButtons({ id: runId, state, candidate }: Training, model: Model) {
  const again = button('Retrain', actions.retrain, { modelId: model.id });
  switch (state) {
    case 'waiting':
      return buttons(
        button('Approve', actions.approveRetraining, { runId }, { style: 'primary' }),
        button('Decline', actions.declineRetraining, { runId }),
      );
    case 'approved':
    case 'queued':
    case 'running':
      return buttons(button('Cancel', actions.cancelRetraining, { runId }));
    case 'succeeded':
      return candidate === null
        ? buttons(again)
        : buttons(
            button('Promote', actions.askForPromotion, { modelId: model.id, version: candidate }, { style: 'primary' }),
            button('Show gate', actions.showGate, { modelId: model.id, version: candidate }),
          );
    case 'failed':
    case 'lost':
      return buttons(again, button('Roll back', actions.askForRollback, { modelId: model.id }, { style: 'danger' }));
    case 'canceled':
    case 'declined':
      return undefined;
  }
}

function mark({ state }: Training): Mrkdwn {
  switch (state) {
    case 'waiting':
      return md`:raised_hand:`;
    case 'approved':
    case 'queued':
    case 'running':
      return md`:hourglass_flowing_sand:`;
    case 'succeeded':
      return md`:white_check_mark:`;
    case 'failed':
    case 'lost':
      return md`:warning:`;
    case 'canceled':
    case 'declined':
      return md`:no_entry_sign:`;
  }
}

function stateLine({ training, tool, now, approvers = [] }: Shown): Mrkdwn {
  const { state, detail, endedBy, runId, startedAt, endedAt } = training;
  const took = startedAt && endedAt ? md` after ${duration(endedAt.getTime() - startedAt.getTime())}` : md``;
  switch (state) {
    case 'waiting':
      return md`*Waits for approval* of ${join(approvers.map(person), ' or ')}.`;
    case 'approved':
      return md`*Starting* in ${tool}.${detail ? md` ${withStop(md`${detail}`)} I try again.` : md``}`;
    case 'queued':
      return md`*Queued* in ${tool}.${unseen(training)}`;
    case 'running':
      return md`*Running* in ${tool}${startedAt ? md` since ${when(startedAt)}` : md``}.${isLong(training, now) ? md` That is longer than a day: please look there.` : md``}${unseen(training)}`;
    case 'succeeded':
      return md`*Done*${took}. ${candidateLine(training)}`;
    case 'failed':
      return runId === null
        ? md`*Not started*: ${withStop(md`${detail ?? tool}`)} Press *Retrain* to try again.`
        : md`*Failed*${took}${detail ? md`: ${withStop(md`${detail.replace(/^failed: /, '')}`)}` : md`.`} Look at its log, then press *Retrain*.`;
    case 'lost':
      return md`*Lost*: ${detail ?? `${tool} knows no such run any more.`} Press *Retrain* to start another.`;
    case 'canceled':
      return md`*Canceled*${endedBy ? md` by ${person(endedBy)}` : md``}.${detail ? md` ${withStop(md`${detail}`)} Please stop it there.` : md``}`;
    case 'declined':
      return md`*Declined* by ${person(endedBy ?? '')}${detail ? md`: ${detail}` : md``}.`;
  }
}

function unseen({ unseenSince, detail }: Training): Mrkdwn {
  if (unseenSince === null) return md``;
  return md` I cannot see how it goes since ${when(unseenSince)}${detail ? md`: ${withStop(md`${detail}`)}` : md`.`} I keep looking.`;
}

function candidateLine({ candidate, gate, detail }: Training): Mrkdwn {
  if (candidate === null)
    return md`${detail ?? 'It registered no new version that I could find, so there is nothing to promote.'}`;
  return md`Its candidate is *version ${candidate}*. Its gate: ${withStop(md`${gate ?? 'not looked at yet'}`)}`;
}

const isLong = ({ startedAt }: Training, now: Date) =>
  startedAt !== null && now.getTime() - startedAt.getTime() > longRunMs;

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.max(1, Math.round(ms / 1000))} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

const mostChoices = 5;

/** In the thread: what the run waits with. Where a button could not say or send the answer, the way there. */
export function questionMessage(training: Training, tool: string, question: RunQuestion): Message {
  const { subject, body, options, key, assigned } = question;
  const fit = options.every((option) => option.length <= limits.buttonText) && options.length <= mostChoices;
  const choices = fit ? options : [];
  return message(
    md`Training ${training.number} waits in ${tool}: ${subject}`,
    section(
      lines(
        md`:question: *${subject}*`,
        body !== '' && md`${clip(body, 1500)}`,
        assigned.length > 0 && md`${tool} takes the answer of ${assigned.join(', ')} only.`,
      ),
    ),
    // An action id may stand only once in a block.
    ...choices.map((option, i) =>
      buttons(
        button(option, actions.answerRun, { runId: training.id, key, option }, i === 0 ? { style: 'primary' } : {}),
      ),
    ),
    choices.length > 0
      ? footnote(md`The first answer counts. It goes to ${tool}, with your name in the ledger here.`)
      : section(md`Please answer it ${linkTo(training.url ?? '', `in ${tool}`) ?? md`in ${tool}`}.`),
  );
}

export function answeredMessage(subject: string, option: string, by: string, tool: string): Message {
  return sentence(md`:white_check_mark: *${subject}* ${person(by)} answered *${option}* in ${tool}.`);
}

export function answeredElsewhere(subject: string, tool: string): Message {
  return sentence(md`:white_check_mark: *${subject}* was answered in ${tool}.`);
}

export function noLongerAsked(subject: string, number: number): Message {
  return sentence(md`*${subject}* is not asked any more: training ${number} is over.`);
}

/** Once, because an edited card calls nobody. */
export function lateMessage({ askedBy, number }: Training, { name, ownerId }: Model, tool: string): Message {
  const who = person(askedBy === 'policy' ? ownerId : askedBy);
  return sentence(
    md`:hourglass: ${who}, training ${number} of ${name} is under way for more than a day. Please look at it in ${tool}, or cancel it here.`,
  );
}

export function trainingList(rows: readonly Omit<Shown, 'now'>[], now: Date): Message {
  if (rows.length === 0)
    return sentence(
      md`No training is under way. \`/ml retrain <model>\` starts one, \`/ml retrain set-up <model>\` says how.`,
    );
  return message(
    md`${plural(rows.length, 'training')} under way.`,
    section(
      join(
        rows.map(
          (row) =>
            md`${mark(row.training)} *${row.model.name}*, training ${row.training.number}: ${stateLine({ ...row, now })}`,
        ),
        '\n',
      ),
    ),
  );
}

/** The policy in one or two sentences, as it is shown before and after it is saved. */
export function policyWords(
  policy: Pick<TrainingPipeline, 'onAlert' | 'everyDays' | 'atMostDays' | 'needsApproval'>,
): string {
  const { onAlert, everyDays, atMostDays, needsApproval } = policy;
  const starts = [
    ...(onAlert ? ['when a high or critical drift alert is raised'] : []),
    ...(everyDays === null ? [] : [`${plural(everyDays, 'day')} after the last one, in working hours`]),
  ];
  if (starts.length === 0) return 'It starts only when somebody asks.';
  const approval = needsApproval ? 'after somebody approved it' : 'at once, without approval';
  return `It starts by itself ${starts.join(', and ')}, at most once in ${plural(atMostDays, 'day')}, ${approval}.`;
}

export interface PolicyPage {
  readonly model: Model;
  readonly tool: string;
  readonly pipeline: TrainingPipeline;
  readonly wouldHave: readonly Date[];
}

export function policyCard({ model, tool, pipeline, wouldHave }: PolicyPage): Message {
  const preview = pipeline.onAlert
    ? md`In the last 90 days alerts would have started it ${plural(wouldHave.length, 'time')}.`
    : undefined;
  return message(
    md`${model.name} is retrained by ${pipeline.pipeline} in ${tool}.`,
    section(
      lines(
        md`*${model.name}* is retrained by *${pipeline.pipeline}* in ${tool}.`,
        md`${policyWords(pipeline)}`,
        preview,
        pipeline.params !== '' && md`\`\`\`${clip(pipeline.params, 1000)}\`\`\``,
      ),
    ),
    buttons(
      button('Retrain', actions.retrain, { modelId: model.id }),
      button('Change', actions.setUpRetraining, { modelId: model.id }),
    ),
  );
}
