import { bookmarks } from './bookmarks.ts';
import { canvases } from './canvases.ts';
import { chat } from './chat.ts';
import { chatUpdate } from './chat-update.ts';
import { conversations } from './conversations.ts';
import { conversationsRead } from './conversations-read.ts';
import { files } from './files.ts';
import type { Method } from './method.ts';
import { oauth } from './oauth.ts';
import { other } from './other.ts';
import { pins } from './pins.ts';
import { reactions } from './reactions.ts';
import { scheduled } from './scheduled.ts';
import { users } from './users.ts';
import { views } from './views.ts';

export const methods: Readonly<Record<string, Method>> = {
  ...bookmarks,
  ...canvases,
  ...chat,
  ...chatUpdate,
  ...conversations,
  ...conversationsRead,
  ...files,
  ...oauth,
  ...other,
  ...pins,
  ...reactions,
  ...scheduled,
  ...users,
  ...views,
};
