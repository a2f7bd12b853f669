// A worker whose engine visits nothing, for tests and measurements of everything around it.
import { runService } from '@cookie-scanner/observability';
import { runWorker } from '../src/run-worker.ts';
import { trivialEngine } from './trivial-engine.ts';

runService('worker', () => runWorker(process.env, () => Promise.resolve(trivialEngine())));
