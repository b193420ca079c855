import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../ports.ts';

/** Slack's libraries speak through our log. Their debug lines hold whole bodies and are never let through. */
export function slackLogger(log: Log): Logger {
  const about = { part: 'slack' };
  const text = (said: readonly unknown[]) => said.map(String).join(' ').slice(0, 1000);
  return {
    debug: () => undefined,
    info: (...said: unknown[]) => log.info(about, text(said)),
    warn: (...said: unknown[]) => log.warn(about, text(said)),
    error: (...said: unknown[]) => log.error(about, text(said)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
