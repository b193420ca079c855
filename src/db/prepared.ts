import type postgres from 'postgres';

const longestPrepared = 4_000;
const decidedByServer = 0;

/**
 * Drizzle asks for unnamed statements, which cost a second round trip each time; here they are kept by their text.
 * A transaction's own `begin` is a savepoint, so that Drizzle's migrator can run inside one.
 */
export function prepared(client: postgres.Sql): postgres.Sql {
  const begin: Begin = (work) => client.begin((inner) => work(within(inner)));
  return { options: client.options, unsafe: unsafe(client), begin } as unknown as postgres.Sql;
}

type Begin = (work: (inner: postgres.TransactionSql) => Promise<unknown>) => Promise<unknown>;

function within(client: postgres.TransactionSql): postgres.TransactionSql {
  const savepoint: Begin = (work) => client.savepoint((inner) => work(within(inner)));
  return { unsafe: unsafe(client), savepoint, begin: savepoint } as unknown as postgres.TransactionSql;
}

function unsafe(client: postgres.ISql): postgres.ISql['unsafe'] {
  return (query, parameters = [], options) =>
    client.unsafe(
      query,
      // By its own guess postgres.js would declare a list of dates or booleans to be a single one.
      parameters.map((value) => (Array.isArray(value) ? client.typed(value, decidedByServer) : value)),
      { ...options, prepare: query.length <= longestPrepared },
    );
}
