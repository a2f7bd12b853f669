import type { ConsentObservation } from '@cookie-scanner/contracts';
import { within, type Deadline } from '../deadline.ts';
import { openPage } from '../page/page-visit.ts';
import type { ScanSession } from '../scan-session.ts';
import { enterOwnWorlds } from './banner/consent-frames.ts';
import type { DeclarationLeads } from './declarations/declaration-leads.ts';
import { readDeclarations } from './declarations/read-declarations.ts';
import { readGpcDeclaration } from './gpc/gpc-declaration.ts';

/** What a site says of itself where programs can read it. */
export type Statements = Pick<ConsentObservation, 'gpcDeclaration' | 'declarations'>;

/** What is known where nobody could be asked. */
export const NO_STATEMENTS: Statements = { gpcDeclaration: null, declarations: [] };

const LIMIT_MS = 15_000;

/** Reads a site's statements from an empty page of a profile that is used for nothing else. */
export async function readStatements(
  scan: ScanSession,
  leads: DeclarationLeads,
  deadline: Deadline,
): Promise<Statements> {
  const reading = async (): Promise<Statements> => {
    const { mainFrameId } = await openPage(scan);
    const world = (await enterOwnWorlds(scan, 'statements')).find(({ frameId }) => frameId === mainFrameId);
    if (!world) return NO_STATEMENTS;
    const gpcDeclaration = await readGpcDeclaration(world.session, world.frameId, leads.pageUrl);
    return { gpcDeclaration, declarations: await readDeclarations(world, leads) };
  };
  const statements = await within(reading(), Math.min(LIMIT_MS, deadline.remainingMs()));
  return typeof statements === 'symbol' ? NO_STATEMENTS : statements;
}
