import { startApp } from './app.ts';
import { readConfig } from './config.ts';
import { createLog } from './runtime/log.ts';

const config = readConfig();
const log = createLog(config.logLevel);
const app = await startApp(config, log);
log.info({ port: app.http.port, workspace: app.workspace, database: app.database.kind }, 'Pitcrew is at work');

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping: finishing what is under way');
    void app.stop().then(() => process.exit(0));
  });
}
