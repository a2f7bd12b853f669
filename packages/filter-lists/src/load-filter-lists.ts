import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FilterMatch } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { FiltersEngine, Request } from '@ghostery/adblocker';

/** Several times the largest list in use; more would fill the memory. */
const LIST_SIZE_BYTES_MAX = 32 * 1_024 * 1_024;

/** An address as a list is asked about it; of requests and hosts nobody knows what they were for. */
export interface AskedAddress {
  readonly url: string;
  readonly kind: 'script' | 'request' | 'host';
}

/** Filter lists, ready to be asked. */
export interface FilterLists {
  /** Names of the files, in their order. */
  readonly names: readonly string[];
  /**
   * The rules that name the addresses, at most one of each list for each address.
   *
   * @param pageUrl - the page that the addresses belong to, which tells first from third party
   */
  match(addresses: readonly AskedAddress[], pageUrl: string): FilterMatch[];
}

type RequestType = 'script' | 'image' | 'xmlhttprequest' | 'sub_frame';

/** What an address may have been loaded as; the first that a rule names counts. */
const TYPES: Readonly<Record<AskedAddress['kind'], readonly RequestType[]>> = {
  script: ['script'],
  request: ['image', 'xmlhttprequest', 'sub_frame', 'script'],
  host: ['image', 'script', 'xmlhttprequest'],
};

interface LoadedList {
  readonly name: string;
  readonly engine: FiltersEngine;
}

/**
 * Reads filter lists in the syntax of EasyList.
 *
 * @param paths - files; an empty list gives lists that say nothing
 * @throws AppError CONFIG_INVALID, naming the file, when one cannot be read, is too big, or has no rule about addresses
 */
export async function loadFilterLists(paths: readonly string[]): Promise<FilterLists> {
  const lists = await Promise.all(paths.map(loadList));
  return {
    names: lists.map(({ name }) => name),
    match: (addresses, pageUrl) =>
      addresses.flatMap((address) =>
        lists.flatMap(({ name, engine }) => {
          const rule = ruleFor(engine, address, pageUrl);
          return rule === null ? [] : [{ url: address.url, list: name, rule }];
        }),
      ),
  };
}

async function loadList(path: string): Promise<LoadedList> {
  const text = await readList(path);
  const engine = FiltersEngine.parse(text, {
    loadCosmeticFilters: false,
    loadExtendedSelectors: false,
    // Keeps the rules as they are written, to be quoted.
    debug: true,
  });
  if (engine.getFilters().networkFilters.length === 0) {
    throw refused(path, 'has no rule about addresses; is it a filter list?');
  }
  return { name: basename(path), engine };
}

async function readList(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > LIST_SIZE_BYTES_MAX) throw refused(path, `is larger than ${LIST_SIZE_BYTES_MAX} bytes`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw refused(path, 'cannot be read', error);
  }
}

function refused(path: string, why: string, cause?: unknown): AppError {
  return new AppError('CONFIG_INVALID', `FILTER_LISTS: ${path} ${why}`, {}, { cause });
}

function ruleFor(engine: FiltersEngine, { url, kind }: AskedAddress, sourceUrl: string): string | null {
  for (const type of TYPES[kind]) {
    const { match, filter } = engine.match(Request.fromRawDetails({ url, sourceUrl, type }));
    if (match && filter) return filter.toString();
  }
  return null;
}
