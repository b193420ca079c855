import { type Context, databaseClock } from '../src/context.ts';
import { tools } from '../src/integrations/tools.ts';

/** Of a run that measures the database alone: whatever asks Slack fails, and what goes wrong is printed. */
export function contextOf(db: Context['db'], workspace: string, now: () => Date): Context {
  const no = () => Promise.reject(new Error('nothing is asked of Slack here'));
  const slack = new Proxy({}, { get: () => no }) as Context['slack'];
  const warn = (about: object, text: string) => process.stdout.write(`${text}: ${JSON.stringify(about)}\n`);
  const log = { info: () => {}, warn, error: warn };
  return {
    workspace,
    db,
    now,
    clock: databaseClock,
    slack,
    registry: undefined,
    tools,
    allowedHosts: [],
    log,
    publicUrl: '',
  };
}
