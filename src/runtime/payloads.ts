import { z } from 'zod';
import { Submitted } from '../slack/forms.ts';

/** What Slack sends, by the few fields we read. */
const id = z.string().min(1);
const Identified = z.object({ id });

export const Command = z.object({
  command: z.string(),
  text: z.string().default(''),
  team_id: id,
  user_id: id,
  channel_id: id,
  trigger_id: id,
  response_url: z.string().optional(),
});
export type Command = z.infer<typeof Command>;

const Chosen = z.object({ value: z.string() });
const Clicked = z.object({
  action_id: id,
  action_ts: id,
  type: z.string(),
  value: z.string().nullish(),
  selected_option: Chosen.nullish(),
  selected_options: z.array(Chosen).nullish(),
  selected_user: z.string().nullish(),
  selected_conversation: z.string().nullish(),
  selected_channel: z.string().nullish(),
  selected_date: z.string().nullish(),
  url: z.string().nullish(),
});

export const Click = z.object({
  user: Identified,
  team: Identified.nullish(),
  channel: Identified.nullish(),
  container: z.object({
    type: z.string(),
    message_ts: z.string().optional(),
    channel_id: z.string().optional(),
    view_id: z.string().optional(),
  }),
  view: z
    .object({
      id,
      type: z.string(),
      callback_id: z.string().default(''),
      app_installed_team_id: id.optional(),
      ...Submitted.partial().shape,
    })
    .nullish(),
  trigger_id: id,
  response_url: z.string().optional(),
  actions: z.array(Clicked).min(1),
});
export type Click = z.infer<typeof Click>;

/** A button carries JSON; a menu carries its chosen value; a link button carries nothing. */
export function carriedBy(click: Click): unknown {
  const [action] = click.actions;
  if (action?.selected_options) return action.selected_options.map(({ value }) => value);
  const carried = action?.value ?? action?.selected_option?.value;
  if (carried === undefined) {
    return action?.selected_user ?? action?.selected_conversation ?? action?.selected_channel ?? action?.selected_date;
  }
  try {
    return JSON.parse(carried);
  } catch {
    return carried;
  }
}

export const Shortcut = z.object({
  callback_id: z.string(),
  user: Identified,
  team: Identified.nullish(),
  channel: Identified,
  message: z.object({
    ts: id,
    text: z.string().default(''),
    user: z.string().default(''),
  }),
  action_ts: id,
  trigger_id: id,
  response_url: z.string().optional(),
});
export type Shortcut = z.infer<typeof Shortcut>;

export const Suggestion = z.object({
  action_id: id,
  value: z.string().default(''),
  user: Identified,
  team: Identified.nullish(),
  view: z.object({ app_installed_team_id: id.optional() }).nullish(),
});
export type Suggestion = z.infer<typeof Suggestion>;

export const Submission = z.object({
  user: Identified,
  team: Identified.nullish(),
  trigger_id: id,
  view: z.object({
    id,
    hash: id,
    callback_id: z.string(),
    app_installed_team_id: id.optional(),
    blocks: z.array(z.object({ type: z.string(), block_id: z.string().optional() })),
    ...Submitted.shape,
  }),
});
export type Submission = z.infer<typeof Submission>;

export const Happening = z.object({
  team_id: id,
  event_id: id,
  authorizations: z.array(z.object({ team_id: id.nullish() })).nullish(),
  event: z.looseObject({ type: id }),
});
export type Happening = z.infer<typeof Happening>;

/** Where an event happened and who did it, as far as it says. */
export const Scene = z.object({
  user: z
    .union([id, Identified.transform((user) => user.id)])
    .optional()
    .catch(undefined),
  channel: z
    .union([id, Identified.transform((channel) => channel.id)])
    .optional()
    .catch(undefined),
});

/** The workspace whose installation this is meant for, which in a shared channel is not always the person's own. */
export const workspaceOf = {
  command: (it: Command) => it.team_id,
  click: (it: Click) => it.view?.app_installed_team_id ?? it.team?.id ?? '',
  submission: (it: Submission) => it.view.app_installed_team_id ?? it.team?.id ?? '',
  suggestion: (it: Suggestion) => it.view?.app_installed_team_id ?? it.team?.id ?? '',
  shortcut: (it: Shortcut) => it.team?.id ?? '',
  happening: (it: Happening) => it.authorizations?.[0]?.team_id ?? it.team_id,
};
