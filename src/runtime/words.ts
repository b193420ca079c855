import { type Message, message, section, sentence } from '../slack/blocks.ts';
import { join, md, type Mrkdwn, naming } from '../slack/mrkdwn.ts';

/** Every sentence the runtime itself says; what features say stands in their views. */
export const words = {
  oldButton: sentence(
    md`This button is from an older version. Please open the newest message, or start again with /ml.`,
  ),
  oldForm: sentence(md`This form is from an older version. Nothing was changed; please open it again.`),
  unknownButton: sentence(md`I no longer know this button. Please start again with /ml.`),
  unknownForm: sentence(md`I no longer know this form. Nothing was changed; please start again with /ml.`),
  notInstalled: sentence(md`Pitcrew is not installed in this workspace. Please ask one of your admins to add it.`),
  tooLateToOpen: sentence(
    md`Slack gave me only three seconds to open the form, and that was not enough. Please press again.`,
  ),
  couldNotOpen: sentence(md`Slack did not open the form. Please press again in a moment.`),
  unreachable: sentence(
    md`I cannot reach my database right now, and nothing was changed. Please try again in a minute.`,
  ),
  restarting: sentence(md`I am just being restarted. Please try again in a few seconds.`),
  oddRequest: sentence(
    md`Slack sent me something I cannot read, and nothing was changed. Please start again with /ml.`,
  ),
  fileNotSent: sentence(md`Slack did not take the file. Please ask for it again in a minute.`),
  formTitle: 'Pitcrew',
  stillWorking: 'Still working on it…',
  stillWorkingHint: 'This takes a little longer than usual. You may close this; I will tell you how it went.',
  formDone: 'Done. You can close this.',
  close: 'Close',
} as const;

/** A reason may name people as `<@id>`; everything else in it is text. */
export function refused(reason: string): Message {
  return sentence(naming(reason));
}

export function broken(reference: string): Message {
  return sentence(
    md`Something broke on our side and nothing was changed. Please try again; if it stays like this, tell your admin the reference \`${reference}\`.`,
  );
}

export interface Help {
  readonly pattern: string;
  readonly help: string;
}

export function helpList(commands: readonly Help[]): Message {
  const heading = md`*What you can say*`;
  const all = commands.toSorted((a, b) => a.pattern.localeCompare(b.pattern)).map(helpLine);
  return message(md`What you can say: ${commands.length} commands.`, section(heading), ...pages(all));
}

export function unknownCommand(typed: string, near: readonly Help[]): Message {
  if (near.length === 0) {
    return sentence(md`I do not know “${typed}”. Say \`/ml\` to see what you can do, or \`/ml help\` for everything.`);
  }
  return sentence(md`I do not know “${typed}”. Did you mean:\n${join(near.map(helpLine), '\n')}`);
}

function helpLine({ pattern, help }: Help): Mrkdwn {
  return md`• \`/ml ${pattern}\` – ${help}`;
}

/** As many lines a section as fit into it. */
function pages(all: readonly Mrkdwn[]) {
  const size = 20;
  return Array.from({ length: Math.ceil(all.length / size) }, (_, page) =>
    section(join(all.slice(page * size, (page + 1) * size), '\n')),
  );
}
