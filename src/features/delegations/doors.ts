import { type Doors, onCommand, onQuestion } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { sentence } from '../../slack/blocks.ts';
import { md, plural } from '../../slack/mrkdwn.ts';
import { personNamed } from '../../slack/command.ts';
import { modelNamed } from '../models/queries.ts';
import { checkAsker, checkStandings } from '../teams/store.ts';
import { checkedDay } from '../teams/rules.ts';
import { delegationsOf, handOver, takeBack } from './store.ts';
import { delegationList, handedOver } from './views.ts';

export const delegations: Doors = {
  commands: [
    onQuestion('delegate', 'Who approves in your place, and in whose place you do', async (ctx, who) => {
      const { mine, forOthers } = await delegationsOf(ctx, who.id);
      return { say: delegationList(mine, forOthers) };
    }),
    onCommand(
      'delegate <person> <until> [model]',
      'Let somebody approve in your place until the end of a day',
      async (ctx, who, { person = '', until = '', model }) => {
        const about = model ? await modelNamed(ctx, model) : undefined;
        const asked = { to: personNamed(person), until: checkedDay(until, 'until'), model: about };
        return { say: handedOver(await handOver(ctx, asked, who.id)) };
      },
      async (ctx, who, { person = '' }) => checkStandings(ctx, [who.id, personNamed(person)]),
    ),
    onCommand(
      'delegate end',
      'Approve by yourself again',
      async (ctx, who) => {
        const ended = await takeBack(ctx, who.id);
        if (ended === 0) throw new Refusal('Nobody stands in for you, so there is nothing to take back.');
        return { say: sentence(md`Done: ${plural(ended, 'delegation')} ended. You approve by yourself again.`) };
      },
      checkAsker,
    ),
  ],
};
