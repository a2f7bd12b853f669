import type { User } from '@cookie-scanner/contracts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import type { DatabaseAccess } from './open-database.ts';
import { userFromRow, USER_INCLUDE } from './user-rows.ts';

/** One page of all accounts, in the order of their addresses. */
export async function listUsers(access: DatabaseAccess, request: PageRequest): Promise<KeysetPage<User>> {
  const after = keyBefore(request, ['email']);
  const size = pageSize(request);
  const rows = await access.query((prisma) =>
    prisma.user.findMany({
      ...(after ? { where: { email: { gt: after[0] } } } : {}),
      orderBy: { email: 'asc' },
      take: size + 1,
      include: USER_INCLUDE,
    }),
  );
  return keysetPage(rows, size, (row) => [row.email], userFromRow);
}
