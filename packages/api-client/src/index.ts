export { apiClient, type ApiClient, type ApiClientOptions } from './api-client.ts';
export { ApiProblem, dataOf, type ApiAnswer, type DataOf } from './api-problem.ts';
export type { components, operations, paths } from './generated/schema.ts';
export { itemsOf, type PageAfter } from './items-of.ts';
export { ndjson, type NdjsonBody } from './ndjson.ts';
export { watchScan, type ScanEvent, type WatchOptions } from './watch-scan.ts';
