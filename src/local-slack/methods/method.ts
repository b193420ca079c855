import { z } from 'zod';
import { type Fields, parsed } from '../json.ts';
import { refuseArguments } from '../refusal.ts';
import type { Tier } from '../rate-limits.ts';
import type { World } from '../world.ts';

type Maybe<T> = T | Promise<T>;

/** `scopes`: any one of them is enough; methods that look at the kind of channel check for themselves. */
export interface Method {
  token: 'bot' | 'app' | 'none';
  scopes: readonly string[];
  tier: Tier;
  run(world: World, args: Fields): Maybe<Fields>;
}

interface Definition<S extends z.ZodType> {
  token?: Method['token'];
  scopes?: readonly string[];
  tier: Tier;
  args: S;
  run(world: World, args: z.infer<S>): Maybe<Fields>;
}

function complaint(issue: z.core.$ZodIssue): string {
  const field = issue.path.join('/');
  const missing = issue.code === 'invalid_type' && issue.message.includes('undefined');
  return missing ? `missing required field: ${field}` : `${issue.message} [json-pointer:/${field}]`;
}

export function method<S extends z.ZodType>(given: Definition<S>): Method {
  return {
    token: given.token ?? 'bot',
    scopes: given.scopes ?? [],
    tier: given.tier,
    run(world, args) {
      const read = given.args.safeParse(args);
      if (!read.success) return refuseArguments(read.error.issues.map(complaint));
      return given.run(world, read.data);
    },
  };
}

/** In forms everything is text: objects and lists come as JSON, flags as words. */
export const json = z
  .unknown()
  .transform((value) => (typeof value === 'string' && value !== '' ? (parsed(value) ?? value) : value))
  .transform((value) => (value === '' ? undefined : value))
  .optional();
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0']).transform((word) => word === 'true' || word === '1')])
  .optional();
export const count = z.coerce.number().int().optional();
export const text = z.string().optional();
