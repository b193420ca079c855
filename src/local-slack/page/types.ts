export interface Person {
  id: string;
  name: string;
  realName: string;
  tz: string;
  title: string;
  kind: string;
  deleted: boolean;
}

export interface Text {
  type: string;
  text: string;
}

export interface Option {
  text: Text;
  value: string;
  description?: Text;
  url?: string;
}

export interface OptionGroup {
  label: Text;
  options: Option[];
}

export interface Confirm {
  title: Text;
  text: Text;
  confirm: Text;
  deny: Text;
  style?: string;
}

interface Point {
  label: string;
  value: number;
}
export interface Chart {
  type: string;
  segments?: Point[];
  series?: { name: string; data: Point[] }[];
  axis_config?: { categories: string[]; x_label?: string; y_label?: string };
}

/** A block, an element or a piece of rich text: Block Kit reuses the names of fields freely. */
export interface Part {
  type: string;
  block_id?: string;
  action_id?: string;
  text?: Text | string;
  title?: Text | string;
  subtitle?: Text;
  body?: Text;
  subtext?: Text;
  caption?: string;
  fields?: Text[];
  accessory?: Part;
  elements?: Part[];
  element?: Part;
  child_blocks?: Part[];
  tasks?: Part[];
  details?: Part;
  output?: Part;
  actions?: Part[];
  icon?: Part;
  hero_image?: Part;
  label?: Text;
  hint?: Text;
  optional?: boolean;
  dispatch_action?: boolean;
  dispatch_action_config?: { trigger_actions_on?: string[] };
  filter?: { include?: string[]; exclude_bot_users?: boolean };
  level?: string | number;
  status?: string;
  rows?: Part[][];
  column_settings?: ({ align?: string } | null)[];
  image_url?: string;
  slack_file?: { id?: string; url?: string };
  alt_text?: string;
  url?: string;
  value?: string | number;
  style?: string | Record<string, boolean>;
  accessibility_label?: string;
  confirm?: Confirm;
  options?: Option[];
  option_groups?: OptionGroup[];
  placeholder?: Text;
  initial_value?: string | Part;
  initial_option?: Option;
  initial_options?: Option[];
  initial_date?: string;
  initial_time?: string;
  initial_date_time?: number;
  initial_user?: string;
  initial_users?: string[];
  initial_channel?: string;
  initial_channels?: string[];
  initial_conversation?: string;
  initial_conversations?: string[];
  min_query_length?: number;
  max_selected_items?: number;
  max_length?: number;
  min_lines?: number;
  max_lines?: number;
  multiline?: boolean;
  focus_on_load?: boolean;
  is_decimal_allowed?: boolean;
  positive_button?: Part;
  negative_button?: Part;
  name?: string;
  user_id?: string;
  channel_id?: string;
  usergroup_id?: string;
  range?: string;
  timestamp?: number;
  format?: string;
  indent?: number;
  offset?: number;
  chart?: Chart;
  rich_text_title?: Part;
  width?: string;
  is_collapsible?: boolean;
  default_collapsed?: boolean;
  has_header_divider?: boolean;
  sources?: Part[];
  page_size?: number;
  row_header_column_index?: number;
  filetypes?: string[];
  max_files?: number;
  author_name?: string;
  provider_name?: string;
  title_url?: string;
  video_url?: string;
  thumbnail_url?: string;
  description?: Text;
  external_id?: string;
}

/** What `state.values` keeps of one element. */
export interface Held {
  type: string;
  value?: string | null;
  selected_option?: Option | null;
  selected_options?: Option[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
  selected_user?: string | null;
  selected_users?: string[];
  selected_channel?: string | null;
  selected_channels?: string[];
  selected_conversation?: string | null;
  selected_conversations?: string[];
  rich_text_value?: Part | null;
}
export type Values = Record<string, Record<string, Held>>;

export interface SharedFile {
  id: string;
  name: string;
  mimetype: string;
  url: string;
  alt: string;
}

export interface Attachment {
  color?: string;
  pretext?: string;
  title?: string;
  title_link?: string;
  text?: string;
  footer?: string;
  author_name?: string;
  fields?: { title?: string; value?: string; short?: boolean }[];
  image_url?: string;
  fallback?: string;
  blocks?: Part[];
}

export interface Message {
  ts: string;
  user: string;
  botName?: string;
  subtype?: string;
  text: string;
  blocks?: Part[];
  attachments?: Attachment[];
  files: SharedFile[];
  threadTs?: string;
  replies: number;
  replyTs: string[];
  reactions: { name: string; users: string[] }[];
  edited: boolean;
  ephemeral: boolean;
  pinned: boolean;
  state: { values: Values };
}

export interface Channel {
  id: string;
  name: string;
  kind: 'channel' | 'private' | 'im' | 'mpim';
  with?: string;
  topic: string;
  members: string[];
  isMember: boolean;
  lastRead: string;
  unread: number;
  archived: boolean;
  bookmarks: { title: string; link: string }[];
  messages: Message[];
}

export interface View {
  id: string;
  type: string;
  title?: Text | null;
  submit?: Text | null;
  close?: Text | null;
  blocks: Part[];
  submit_disabled?: boolean;
  state: { values: Values };
  errors?: Record<string, string>;
  busy?: boolean;
}

export interface State {
  team: { id: string; name: string; domain: string };
  app: { name: string; botUserId: string; homeTab: boolean };
  me: Person | null;
  people: Person[];
  userGroups: { id: string; handle: string; name: string }[];
  /** Width and height by file id, where they are known. */
  pictures: Record<string, [number, number] | undefined>;
  commands: { command: string; usageHint?: string; description?: string }[];
  shortcuts: { callbackId: string; name: string; type: 'global' | 'message' }[];
  channels: Channel[];
  views: View[];
  home: View | null;
}

export type Container = { type: 'message'; channel: string; ts: string } | { type: 'view'; view_id: string };

/** Where an element stands and what the viewer has put into its neighbours so far. */
export interface Place {
  container: Container;
  values: Values;
  errors?: Record<string, string> | undefined;
}

export interface Outcome {
  ok: boolean;
  error?: string;
  errors?: Record<string, string>;
  options?: Option[];
  option_groups?: OptionGroup[];
  channel?: string;
}

/** `labelledBy` names the element that labels an input; others name themselves. */
export interface ElementProps {
  part: Part;
  block: Part;
  place: Place;
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
  inputId?: string | undefined;
  isInvalid?: boolean | undefined;
}
