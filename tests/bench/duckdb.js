/*
 * duckdb.js FILE QUERY: answers an SQL query over the benchmark's columns (a view named deals) with
 * DuckDB, on all cores, and writes CSV to standard output.
 *
 * DuckDB is told the types, so that it need not guess; tiv is DECIMAL, as exact as ours.  It may
 * give rows in any order, which saves it time.
 */
const { DuckDBInstance } = require('@duckdb/node-api');

const [file, query] = process.argv.slice(2);
const types = {
  deal: 'VARCHAR', supplier: 'VARCHAR', recipient: 'VARCHAR', year: 'INTEGER',
  category: 'VARCHAR', status: 'VARCHAR', units: 'INTEGER', tiv: 'DECIMAL(18,2)',
  comment: 'VARCHAR',
};
const columns = Object.entries(types).map(([name, type]) => `'${name}': '${type}'`).join(', ');

(async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('SET enable_progress_bar = false');
  await connection.run('SET preserve_insertion_order = false');
  if (file !== '-')
    await connection.run(`CREATE VIEW deals AS FROM read_csv('${file}', header = true,
      auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {${columns}})`);
  await connection.run(`COPY (${query}) TO '/dev/stdout' (FORMAT csv, HEADER)`);
})();
