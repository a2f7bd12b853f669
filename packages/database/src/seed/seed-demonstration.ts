import { readFile } from 'node:fs/promises';
import {
  scanParamsSchema,
  type ScanTotals,
  type SiteObservation,
  siteObservationSchema,
} from '@cookie-scanner/contracts';
import { findingRepository } from '../finding.repository.ts';
import type { NewFinding } from '../stored-finding.ts';
import { stableHash } from './stable-hash.ts';
import { databaseAccess, type Database, type DatabaseAccess } from '../open-database.ts';
import { scanRepository } from '../scan.repository.ts';

const SLUG = 'demonstration';

/** Nobody can sign in as one of them: they have no password, and an address that no mail reaches. */
const PEOPLE = [
  { email: 'pi@demonstration.invalid', name: 'Paula Investigator', role: 'PI' },
  { email: 'researcher@demonstration.invalid', name: 'Ravi Researcher', role: 'Researcher' },
  { email: 'analyst@demonstration.invalid', name: 'Ana Analyst', role: 'Analyst' },
  { email: 'viewer@demonstration.invalid', name: 'Vic Viewer', role: 'Viewer' },
] as const;

/**
 * Adds a workspace to look at: people, sites, a profile, a schedule that is paused, and finished scans made from saved
 * observations. The files of the observations are not part of it, and nothing of it is put into a queue.
 *
 * @returns false when the workspace is there already; then nothing is changed
 */
export async function seedDemonstration(database: Database): Promise<boolean> {
  const access = databaseAccess(database);
  const workspaceId = await createWorkspace(access);
  if (workspaceId === null) return false;
  for (const observation of await savedObservations()) await storeScan(database, workspaceId, observation);
  return true;
}

function createWorkspace(access: DatabaseAccess): Promise<string | null> {
  return access.transaction(async (tx) => {
    const existing = await tx.workspace.findUnique({ where: { slug: SLUG }, select: { id: true } });
    if (existing) return null;
    const { id } = await tx.workspace.create({ data: { name: 'Demonstration', slug: SLUG } });
    for (const { email, name, role } of PEOPLE) {
      const user = await tx.user.create({ data: { email, displayName: name } });
      await tx.workspaceMember.create({ data: { workspaceId: id, userId: user.id, role } });
    }
    const profile = await tx.scanProfile.create({
      data: {
        workspaceId: id,
        slug: 'patient',
        name: 'Patient',
        description: 'The start page and a few more, with time for slow sites',
        params: scanParamsSchema.parse({ mode: 'standard', timeoutMs: 240_000 }),
      },
    });
    for (const domain of ['shop.example', 'news.example', 'bank.example']) {
      const config = await tx.domainConfig.create({
        data: {
          workspaceId: id,
          domain,
          startUrls: [`https://${domain}/`],
          labels: ['demonstration'],
          defaultProfileId: profile.id,
        },
      });
      if (domain !== 'shop.example') continue;
      await tx.schedule.create({
        data: {
          workspaceId: id,
          domainIds: [config.id],
          profileId: profile.id,
          name: 'Shop, every night',
          frequency: 'daily',
          timing: { frequency: 'daily', timeOfDay: '03:00' },
          timeZone: 'Europe/Berlin',
          state: 'paused',
        },
      });
    }
    return id;
  });
}

async function storeScan(
  database: Database,
  workspaceId: string,
  observation: SiteObservation,
): Promise<void> {
  const scans = scanRepository(database);
  const workerId = 'seed';
  const { id } = await scans.create({
    requestedUrl: observation.requestedUrl,
    params: scanParamsSchema.parse({ mode: 'standard', timeoutMs: 120_000 }),
    workspaceId,
  });
  await scans.claim(id, { workerId, leaseMs: 60_000, attemptsMax: 1 });
  await scans.finish(id, {
    attempt: 1,
    workerId,
    observation,
    totals: totalsOf(observation),
    artifact: { key: `demonstration/${id}.json.gz`, sha256: stableHash(id), sizeBytes: 0 },
    valuesKept: false,
  });
  await findingRepository(database).replaceForScan(id, findingsOf(observation));
  await databaseAccess(database).query((prisma) =>
    prisma.$transaction([
      prisma.$executeRaw`DELETE FROM outbox_events WHERE sent_at IS NULL AND payload ->> 'scanId' = ${id}`,
      prisma.$executeRaw`UPDATE scan_results SET settled_at = now() WHERE id = ${id}::uuid`,
    ]),
  );
}

function findingsOf({ cookies, finalUrl }: SiteObservation): NewFinding[] {
  return cookies
    .filter(({ party }) => party === 'third')
    .map(({ name, domain }) => ({
      rule: 'third-party-cookie-before-consent',
      fingerprint: stableHash(JSON.stringify([finalUrl, name, domain])),
      severity: 'high',
      confidence: 'high',
      title: `${domain} sets the cookie ${name} before the visitor was asked`,
      detail: { name, domain },
    }));
}

function totalsOf({ cookies, storage, requests, pages }: SiteObservation): ScanTotals {
  const thirdPartyCookies = cookies.filter(({ party }) => party === 'third').length;
  return {
    cookies: cookies.length,
    firstPartyCookies: cookies.length - thirdPartyCookies,
    thirdPartyCookies,
    transientCookies: 0,
    blockedCookies: 0,
    storageItems: storage.length,
    requests: requests.total,
    thirdPartyRequests: requests.thirdParty,
    hosts: requests.hosts.length,
    pages: pages.length,
  };
}

async function savedObservations(): Promise<SiteObservation[]> {
  const text = await readFile(new URL('observations.json', import.meta.url), 'utf8');
  return siteObservationSchema.array().parse(JSON.parse(text));
}
