import { startApp } from './app.ts';
import { readConfig } from './config.ts';
import { createLog } from './runtime/log.ts';

const config = readConfig();
const log = createLog(config.logLevel);
const app = await startApp(config, log);
log.info({ port: app.http.port, workspace: app.workspace, database: app.database.kind }, 'Pitcrew is at work');

// Slack's socket client rejects where nobody can catch it, for instance when the app token is revoked.
process.on('unhandledRejection', (error) => {
  log.error({ err: error }, 'nobody caught this; ending, so that the supervisor starts afresh');
  process.exit(1);
});

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping: finishing what is under way');
    void app.stop().then(() => process.exit(0));
  });
}
