import type { KnownBlock } from '@slack/types';
import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { footnote, header, section } from '../../../slack/blocks.ts';
import { clip } from '../../../slack/limits.ts';
import { channelLink, md, person, plural, when } from '../../../slack/mrkdwn.ts';
import { dateWords } from '../../../time/date-words.ts';
import type { OpenBlocker } from '../../blockers/listing/queries.ts';
import { waitingLine } from '../../blockers/listing/views.ts';
import type { Dataset } from '../../datasets/schema.ts';
import type { Handover } from '../../handovers/schema.ts';
import type { Model } from '../../models/schema.ts';
import type { Waiting as Standup } from '../../standups/queries.ts';
import type { Waiting } from '../queries.ts';

/** What waits for one person. */
export interface Waits {
  readonly waiting: Waiting;
  /** What somebody waits for this person with. */
  readonly blocked: readonly OpenBlocker[];
  /** Data in trouble that calls this person, or that they took. */
  readonly troubles: readonly Dataset[];
  /** Runs of rituals that this person may answer, and the next ones. */
  readonly standups: readonly Standup[];
  /** Models that this person is asked to own. */
  readonly offers: readonly { readonly handover: Handover; readonly model: Model }[];
  /** Models of theirs that nobody confirmed for long. */
  readonly unconfirmed: number;
  readonly now: Date;
}

const mostShown = 5;

export function waits({ waiting, blocked, standups, troubles, offers, unconfirmed, now }: Waits): KnownBlock[] {
  const { requests, alerts, incidents } = waiting;
  const rows = [
    ...shown(requests, 'requests', ({ request, model }) =>
      section(
        md`:raised_hand: *${request.kind === 'rollback' ? 'Rollback' : 'Promotion'} ${request.number} of ${model.name}* to version ${request.toVersion} needs your decision until ${when(request.expiresAt)}. ${person(request.requestedBy)} asked for it in ${channelLink(model.channel)}.`,
      ),
    ),
    ...shown(incidents, 'incidents', ({ incident, model, commander }) => ({
      ...section(
        md`:rotating_light: *Incident ${incident.number}, ${model.name}*: ${incident.title}. ${commander ? md`You lead it` : md`It needs somebody to lead it`}${incident.channel ? md`, in ${channelLink(incident.channel)}` : ''}.`,
      ),
      ...(!commander && {
        accessory: button('Take command', actions.takeCommand, { incidentId: incident.id }),
      }),
    })),
    ...shown(alerts, 'drift alerts', ({ alert, model }) => ({
      ...section(
        alert.state === 'open'
          ? md`:red_circle: *Drift alert ${alert.number}, ${model.name}*: nobody is on it since ${when(alert.raisedAt)}. It stands in ${channelLink(model.channel)}.`
          : md`:eyes: *Drift alert ${alert.number}, ${model.name}*: you are on it. It stands in ${channelLink(model.channel)}.`,
      ),
      ...(alert.state === 'open' && {
        accessory: button('Acknowledge', actions.acknowledgeAlert, { alertId: alert.id }),
      }),
    })),
    ...shown(
      standups.filter(({ run, prompt }) => run.state === 'open' && isAsked(prompt)),
      'standups',
      ({ ritual, run }) => ({
        ...section(
          md`:speech_balloon: *${ritual.name}*, ${dateWords(run.date, run.date)}: how does it go? Until ${when(run.digestAt)}.`,
        ),
        accessory: button('Answer', actions.answerStandup, { ritualId: run.ritualId, date: run.date }),
      }),
    ),
    ...shown(blocked, 'blockers', (row) => ({
      ...section(waitingLine(row, now)),
      accessory:
        row.asking === null
          ? button('Take it', actions.takeBlocker, { blockerId: row.id })
          : button('Answer', actions.answerBlocker, { blockerId: row.id, question: row.asking }),
    })),
    ...shown(troubles, 'data sets in trouble', ({ id, name, problems, takenBy, toldIn }) => ({
      ...section(
        md`:card_file_box: *Data, ${name}*: ${clip(problems.map(({ words }) => words).join('; '), 500)}. ${takenBy ? 'You are on it' : 'Nobody is on it'}. It stands in ${channelLink(toldIn ?? '')}.`,
      ),
      accessory: button('What eats it', actions.showDataset, { datasetId: id }),
    })),
    ...shown(offers, 'offers', ({ handover, model }) => ({
      ...section(
        md`:handshake: *${model.name}* needs an owner: ${person(handover.fromId)} ${handover.reason === 'transfer' ? 'asks you to take it over' : 'is no longer in its team, and you are asked'}.`,
      ),
      accessory: button('Accept', actions.acceptHandover, { handoverId: handover.id }),
    })),
    ...(unconfirmed > 0
      ? [
          {
            ...section(
              md`:hourglass_flowing_sand: ${plural(unconfirmed, 'model')} of yours nobody confirmed for 90 days.`,
            ),
            accessory: button('All still true', actions.confirmModels, { asked: now.toISOString() }),
          },
        ]
      : []),
  ];
  return [
    header('Waits for you'),
    ...(rows.length > 0 ? rows : [section(md`:white_check_mark: Nothing waits for you.`)]),
  ];
}

/** Also whoever was not sent a message: at night, or because they came too late for one. */
const isAsked = (prompt: Standup['prompt']) =>
  prompt?.state === 'sent' || prompt?.state === 'home' || prompt?.state === 'unasked';

function shown<T>(list: readonly T[], what: string, row: (each: T) => KnownBlock): KnownBlock[] {
  const rows = list.slice(0, mostShown).map(row);
  return list.length > mostShown ? [...rows, footnote(md`There are more ${what} than these ${mostShown}.`)] : rows;
}
