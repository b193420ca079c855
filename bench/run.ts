import { startPostgres } from '../test/support/postgres.ts';
import { benchCommands } from './commands.ts';
import { benchIngest } from './ingest.ts';

/** Every figure beside its reference, in one run: only the ratios travel to other machines. */
const server = await startPostgres();
try {
  await benchCommands(await server.createDatabase());
  await benchIngest(await server.createDatabase());
} finally {
  await server.stop();
}
