import { runService } from '@cookie-scanner/observability';
import { runWorker } from './run-worker.ts';

runService('worker', () => runWorker(process.env));
