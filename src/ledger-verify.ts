import { readConfig } from './config.ts';
import { openDatabase } from './db/client.ts';
import { allInstallations } from './features/installations/store.ts';
import { firstBreak } from './ledger/chain.ts';
import { linesOf } from './ledger/ledger.ts';

/** Checks every workspace's chain; ends with 1 when a line does not follow from the one before it. */
const { databaseUrl } = readConfig();
const database = await openDatabase({ url: databaseUrl });
let broken = false;
for (const { workspace, name } of await allInstallations(database.db)) {
  const lines = await linesOf(database.db, workspace);
  const wrong = firstBreak(lines);
  broken ||= wrong !== undefined;
  const head = lines.at(-1)?.hash.slice(0, 12) ?? 'empty';
  const verdict = wrong ? `BROKEN at line ${wrong.seq} (${wrong.what})` : `holds, ${lines.length} lines, head ${head}`;
  process.stdout.write(`${name} (${workspace}): ${verdict}\n`);
}
await database.close();
process.exitCode = broken ? 1 : 0;
