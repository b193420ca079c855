import { startPostgres } from '../test/support/postgres.ts';
import { benchCommands } from './commands.ts';
import { benchCoverage } from './coverage.ts';
import { benchDistributions } from './distributions.ts';
import { benchFacts } from './facts.ts';
import { benchIngest } from './ingest.ts';
import { benchRegistry } from './registry.ts';
import { benchStandups } from './standups.ts';

/** Every figure beside its reference, in one run: only the ratios travel to other machines. */
const server = await startPostgres();
try {
  await benchCommands(await server.createDatabase());
  await benchIngest(await server.createDatabase());
  await benchRegistry(await server.createDatabase());
  await benchCoverage(await server.createDatabase());
  await benchDistributions(await server.createDatabase());
  await benchStandups(await server.createDatabase());
  await benchFacts(await server.createDatabase());
} finally {
  await server.stop();
}
