import { apiBench } from './api/api.bench.ts';
import { classifyBench } from './classify/classify.bench.ts';
import { dataBench } from './data/data.bench.ts';
import { engineBench } from './engine/engine.bench.ts';
import { queueBench } from './queue/queue.bench.ts';

/** Every benchmark by its name on the command line. */
const BENCHES: Readonly<
  Record<string, (args: readonly string[], write: (line: string) => void) => Promise<void>>
> = {
  api: apiBench,
  classify: classifyBench,
  data: dataBench,
  engine: engineBench,
  queue: queueBench,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench) {
  await bench(args, (line) => void process.stdout.write(`${line}\n`));
} else {
  process.stderr.write(`Name one of these benchmarks: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exitCode = 64;
}
