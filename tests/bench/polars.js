/*
 * polars.js FILE EXPRESSION: evaluates a JavaScript expression over the benchmark's columns (a lazy
 * frame named deals) with Polars, on all cores, and writes CSV to standard output.
 *
 * Polars is told the types, so that it need not guess; its CSV reader has no decimals, so tiv is
 * binary floating point, which is faster.
 */
const pl = require('nodejs-polars');

const [file, expression] = process.argv.slice(2);
const schema = {
  deal: pl.Utf8, supplier: pl.Utf8, recipient: pl.Utf8, year: pl.Int32, category: pl.Utf8,
  status: pl.Utf8, units: pl.Int32, tiv: pl.Float64, comment: pl.Utf8,
};
const deals = file === '-' ? pl.DataFrame({ one: [1] }).lazy() : pl.scanCSV(file, { schema, quoteChar: '"' });
const answer = new Function('pl', 'deals', `return ${expression}`)(pl, deals);
process.stdout.write(answer.collectSync().writeCSV());
