import { type Message, sentence } from '../../../slack/blocks.ts';
import { channelLink, md } from '../../../slack/mrkdwn.ts';
import type { Model } from '../../models/schema.ts';
import type { Incident } from '../schema.ts';

/** Whoever took part in the drill is needed elsewhere now. */
export function drillOver(drill: Incident, real: Incident, { name, channel }: Model): Message {
  return sentence(
    md`:rotating_light: This drill is over: ${name} has a real incident, ${real.number}, “${real.title}”. Please put back what was changed for the drill, and go on in ${channelLink(real.channel ?? channel)}. Drill ${drill.number} counts in no figure.`,
  );
}

export function drillGoesOn({ number }: Incident): Message {
  return sentence(
    md`:information_source: A drill goes on on this model: incident ${number}. I leave it, as ending it would say that there is something. If it is in your way, press *Call off* on its card.`,
  );
}
