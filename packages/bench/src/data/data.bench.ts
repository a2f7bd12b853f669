import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  createBenchDatabase,
  explainProductQueries,
  generateBenchData,
  type ExplainedQuery,
} from '@cookie-scanner/database/bench';
import { catchInterruptions, startTestServers } from '@cookie-scanner/local-stack';
import { textTable } from '../text-table.ts';
import { measureRemoval, type RemovalMeasure } from './removal.ts';

const ROOT_DIR = fileURLToPath(new URL('../../../..', import.meta.url));

/**
 * Fills a database of its own with a year of scans, shows what PostgreSQL does for each query of the product, and removes the
 * scans again as retention does. Sets
 * the exit code to 1 when a plan reads a whole table.
 *
 * Options: `--scans 20000`, `--cookies 50` for each scan. The server is that of DATABASE_URL, or one that is started
 * for it and removed with all its data.
 */
export async function dataBench(args: readonly string[], write: (line: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scans: { type: 'string', default: '20000' },
      cookies: { type: 'string', default: '50' },
    },
  });
  const size = {
    scanCount: count('--scans', values.scans),
    cookiesPerScan: count('--cookies', values.cookies),
  };
  const { first: signal } = catchInterruptions();
  await withServer(signal, async (serverUrl) => {
    const database = await createBenchDatabase(serverUrl);
    try {
      const startedAt = performance.now();
      const onStep = (step: string): void => {
        signal.throwIfAborted();
        say(step);
      };
      const facts = await generateBenchData(database.url, { ...size, onStep });
      say(`generated in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
      const queries = await explainProductQueries(database.url, facts);
      write(report(queries));
      say('removing all scans but those of the last day');
      write(removalReport(await measureRemoval(database.url, signal), size.cookiesPerScan));
      if (queries.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
    } finally {
      await database.drop();
    }
  });
}

/** Steps go to standard error; the table alone is the output. */
function say(step: string): void {
  process.stderr.write(`… ${step}\n`);
}

function report(queries: readonly ExplainedQuery[]): string {
  const rows = queries.map(({ name, indexes, rows: count, buffers, ms, faults }) => [
    name,
    indexes.join(', ') || 'none',
    count,
    buffers,
    Number(ms.toFixed(2)),
    faults.length === 0 ? 'ok' : faults.join('; '),
  ]);
  return textTable([['query', 'index', 'rows', 'buffers', 'ms', 'plan'], ...rows]);
}

/** Rows of a scan beside its cookies: itself and five findings. */
const FURTHER_ROWS = 6;

function removalReport(removal: RemovalMeasure, cookiesPerScan: number): string {
  const { scanCount, seconds, batchCount, longestMs, medianMs } = removal;
  const rowCount = scanCount * (cookiesPerScan + FURTHER_ROWS);
  return (
    `\nremoved ${scanCount} scans, ${rowCount} rows, in ${seconds.toFixed(1)} s: ${Math.round(rowCount / seconds)} rows/s; ` +
    `${batchCount} transactions, median ${Math.round(medianMs)} ms, longest ${Math.round(longestMs)} ms`
  );
}

function count(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${name} takes a whole number above 0, not "${text}"`);
}

async function withServer(signal: AbortSignal, work: (url: string) => Promise<void>): Promise<void> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') return work(given);
  const servers = await startTestServers({
    rootDir: ROOT_DIR,
    environment: process.env,
    announce: say,
    signal,
  });
  try {
    await work(servers.databaseUrl);
  } finally {
    await servers.stop();
  }
}
