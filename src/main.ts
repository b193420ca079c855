import { type App, startApp } from './app.ts';
import { readConfig } from './config.ts';
import { startOrSay } from './lib/start.ts';
import type { Log } from './ports.ts';
import { createLog } from './runtime/log.ts';

await startOrSay(async () => {
  const config = readConfig();
  const log = createLog(config.logLevel);
  // Slack's socket client rejects where nobody can catch it, for instance when the app token is revoked.
  process.on('unhandledRejection', (error) => {
    log.error({ err: error }, 'nobody caught this; ending, so that the supervisor starts afresh');
    process.exit(1);
  });
  const app = await startApp(config, log);
  log.info({ port: app.http.port, workspace: app.workspace, database: app.database.kind }, 'Pitcrew is at work');
  stopOnSignal(app, log);
});

function stopOnSignal(app: App, log: Log): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      log.info({ signal }, 'stopping: finishing what is under way');
      void app.stop().then(() => process.exit(0));
    });
  }
}
