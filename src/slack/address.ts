import type { Button } from '@slack/types';
import type { z } from 'zod';
import { plain } from './blocks.ts';
import { limits } from './limits.ts';
import type { Mrkdwn } from './mrkdwn.ts';

/** Where a click goes: an action id and the shape of what it carries. */
export interface Address<T> {
  readonly id: string;
  readonly carries: z.ZodType<T>;
}

export function address<T>(id: string, carries: z.ZodType<T>): Address<T> {
  return { id, carries };
}

interface Confirm {
  readonly title: string;
  readonly text: Mrkdwn;
  readonly yes: string;
  readonly no?: string;
}

export interface Looks {
  readonly style?: 'primary' | 'danger';
  readonly confirm?: Confirm;
}

export function button<T>(label: string, to: Address<T>, value: NoInfer<T>, looks: Looks = {}): Button {
  const { style, confirm } = looks;
  return {
    type: 'button',
    action_id: to.id,
    text: plain(label, limits.buttonText),
    value: JSON.stringify(value),
    ...(style && { style }),
    ...(confirm && {
      confirm: {
        title: plain(confirm.title, limits.confirmTitle),
        text: { type: 'mrkdwn', text: confirm.text.mrkdwn },
        confirm: plain(confirm.yes, limits.confirmButton),
        deny: plain(confirm.no ?? 'Not now', limits.confirmButton),
      },
    }),
  };
}
