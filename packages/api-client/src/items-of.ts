import { dataOf } from './api-problem.ts';

/** What asks for the page after another: nothing for the first. Spread it into the query. */
export interface PageAfter {
  readonly cursor?: string;
}

interface PageAnswer<TItem> {
  readonly data?: { readonly items: readonly TItem[]; readonly nextCursor: string | null };
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * Everything of a list, page by page as it is needed:
 * `for await (const scan of itemsOf((after) => api.GET('/scans', { params: { query: after } })))`.
 *
 * @throws ApiProblem when the gateway refused
 */
export async function* itemsOf<TItem>(
  page: (after: PageAfter) => Promise<PageAnswer<TItem>>,
): AsyncGenerator<TItem, void, undefined> {
  let after: PageAfter | null = {};
  while (after !== null) {
    const { items, nextCursor }: NonNullable<PageAnswer<TItem>['data']> = await dataOf(page(after));
    yield* items;
    after = nextCursor === null ? null : { cursor: nextCursor };
  }
}
