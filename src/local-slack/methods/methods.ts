import { canvases } from './canvases.ts';
import { chat } from './chat.ts';
import { conversations } from './conversations.ts';
import { conversationsRead } from './conversations-read.ts';
import { files } from './files.ts';
import type { Method } from './method.ts';
import { oauth } from './oauth.ts';
import { other } from './other.ts';
import { scheduled } from './scheduled.ts';
import { users } from './users.ts';
import { views } from './views.ts';

export const methods: Readonly<Record<string, Method>> = {
  ...canvases,
  ...chat,
  ...conversations,
  ...conversationsRead,
  ...files,
  ...oauth,
  ...other,
  ...scheduled,
  ...users,
  ...views,
};
