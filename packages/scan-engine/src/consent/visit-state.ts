import type { ConsentRun, ConsentState, ScanStage } from '@cookie-scanner/contracts';
import type { CleanProfile } from '../clean-profile.ts';
import type { JarCookie } from '../collectors/cookie-jar.ts';
import type { StoredItem } from '../collectors/page-storage.ts';
import { startDeadline, type Deadline } from '../deadline.ts';
import { describeVisit } from '../page/describe-visit.ts';
import { openPage } from '../page/page-visit.ts';
import { readPage } from '../page/read-page.ts';
import { siteOf } from '../site.ts';
import type { Gathered } from '../visit-site.ts';
import { declarationLeads, type DeclarationLeads } from './declarations/declaration-leads.ts';
import type { ConsentModeCollector } from './signals/consent-mode.collector.ts';
import { signalsOfRequests } from './signals/page-signals.ts';
import { lookForBanner, type FoundBanner, type Wish } from './visit/look-for-banner.ts';
import { makeChoice, type ChoiceContext, type ChoiceResult } from './visit/make-choice.ts';
import { openStatePage, type StatePage } from './visit/state-page.ts';
import { withdrawConsent } from './visit/withdraw-consent.ts';

/** How one consent state is visited. */
export interface StatePlan {
  readonly state: ConsentState;
  readonly startUrl: string;
  readonly pageLifeMs: number;
  readonly deadline: Deadline;
  readonly consentMode: ConsentModeCollector;
  readonly onStage: (stage: ScanStage) => void;
}

/** The jar at the moments that matter for a choice. */
interface JarMoments {
  /** Null where no choice was made. */
  readonly beforeChoice: readonly JarCookie[] | null;
  /** After everything but the withdrawal; null where nothing was withdrawn, so that it is the last one. */
  readonly beforeWithdrawal: readonly JarCookie[] | null;
}

/** What one run came to, beside what the collectors of its session hold. */
export interface StateVisit {
  readonly gathered: Gathered;
  readonly run: Omit<ConsentRun, 'status' | 'statusReason' | 'startedAtMs' | 'durationMs' | 'finalUrl'>;
  readonly moments: JarMoments;
  /** Where the site speaks of its cookies; null where nobody looked. */
  readonly leads: DeclarationLeads | null;
  readonly notes: readonly string[];
}

const WISHES: Record<ConsentState, Wish | null> = {
  untouched: null,
  accept: 'accept',
  reject: 'reject',
  gpc: null,
  gpc_reject: 'reject',
};
const READ_LIMIT_MS = 3_000;
const LATE_READ_LIMIT_MS = 200;
const LAST_LEAVE_LIMIT_MS = 300;
/** Page time after a withdrawal, in which what was agreed to is undone. */
const AFTER_WITHDRAWAL_MS = 2_000;

/** Visits the start page in one consent state: looks for the banner, makes the choice, and comes back. */
export async function visitState(profile: CleanProfile, plan: StatePlan): Promise<StateVisit> {
  const { session: scan, gateway } = profile;
  const { startUrl, deadline, state } = plan;
  const gathered = nothingGathered();
  const fromMs = scan.clock();
  const page = await openPage(scan);
  plan.onStage('navigating');
  const navigation = await page.navigate(startUrl, deadline);
  const at = openStatePage(scan, page, deadline);
  const wasShown = navigation.errorText === null && !navigation.timedOut;
  let story = emptyStory();
  if (wasShown) {
    plan.onStage('settling');
    await page.interact(deadline);
    story = await liveThroughState(at, plan, gathered);
  }
  const visit = await describeVisit(startUrl, navigation, page, scan, gateway.hosts(), null);
  gathered.wasShown = wasShown;
  gathered.visits.push({ fromMs, page: visit.page });
  gathered.outcomes.push(visit.outcome);
  gathered.botWall = visit.botWall;
  gathered.clocksNotAdvanced.push(...at.clocksNotAdvanced());
  const { mainFrameId } = page;
  const isReadable = state === 'untouched' && wasShown && !page.hasCrashed() && !deadline.passed;
  const leads = isReadable ? await declarationLeads(scan, { mainFrameId, url: visit.page.url }) : null;
  plan.onStage('leaving');
  await page.leave(deadline.passed ? startDeadline(LAST_LEAVE_LIMIT_MS) : deadline, () =>
    gateway.bytesReceived(),
  );
  const notes = at.isLoadingWithoutEnd()
    ? [`In the state ${state} the page loaded itself again without end.`]
    : [];
  return {
    gathered,
    run: describeRun(at, plan, story, visit.page.url),
    moments: story.moments,
    leads,
    notes,
  };
}

/** What happened between loading the page and leaving it. */
interface Story {
  readonly banner: FoundBanner['observation'];
  readonly choice: ChoiceResult | null;
  readonly reloadedAtMs: number | null;
  readonly bannerAfterReload: boolean | null;
  readonly withdrawal: ConsentRun['withdrawal'];
  readonly moments: JarMoments;
}

function emptyStory(): Story {
  return {
    banner: {
      ...{ found: false, waitedMs: 0, foundBy: null, rule: null, kind: null, place: null, operable: false },
      ...{ atMs: null, text: '', choices: [], preTicked: [], manager: null },
    },
    choice: null,
    reloadedAtMs: null,
    bannerAfterReload: null,
    withdrawal: null,
    moments: { beforeChoice: null, beforeWithdrawal: null },
  };
}

async function liveThroughState(at: StatePage, plan: StatePlan, gathered: Gathered): Promise<Story> {
  const { state, pageLifeMs, consentMode } = plan;
  const wish = WISHES[state];
  const found = await lookForBanner(at, pageLifeMs, wish);
  const beforeChoice = await at.takeStock();
  if (wish === null || !found.seen) {
    await at.live(pageLifeMs - at.livedMs());
    await keepReading(at, gathered);
    const manager = (await at.manager(await at.takeStock())) ?? found.observation.manager;
    const choice = wish === null ? null : await makeChoice(at, found, wish, { consentMode, label: state });
    return { ...emptyStory(), banner: { ...found.observation, manager }, choice };
  }
  const choice = await makeChoice(at, found, wish, { consentMode, label: state });
  const banner = {
    ...found.observation,
    choices: [...found.observation.choices, ...choice.furtherChoices],
    preTicked: [...new Set([...found.observation.preTicked, ...choice.preTicked])],
  };
  await at.live(pageLifeMs - at.livedMs());
  await keepReading(at, gathered);
  const story = { ...emptyStory(), banner, choice, moments: { beforeChoice, beforeWithdrawal: null } };
  if (choice.choiceAtMs === null || !at.canGoOn()) return story;
  const reload = await reloadPage(at, plan, gathered);
  const manager = (await at.manager(await at.takeStock())) ?? banner.manager;
  const reloaded = { ...story, ...reload, banner: { ...banner, manager } };
  if (wish !== 'accept' || !at.canGoOn()) return reloaded;
  return { ...reloaded, ...(await takeBack(at, beforeChoice, { consentMode, label: 'withdraw' })) };
}

/** Loads the page again with what was chosen, and lets it live as long as before. */
async function reloadPage(
  at: StatePage,
  { startUrl, pageLifeMs, deadline, onStage }: StatePlan,
  gathered: Gathered,
): Promise<Pick<Story, 'reloadedAtMs' | 'bannerAfterReload'>> {
  const reloadedAtMs = at.scan.clock();
  onStage('navigating');
  at.restartLife();
  // A fragment would make it a jump within the page that is there.
  const url = (at.page.currentUrl() ?? startUrl).split('#')[0] ?? startUrl;
  const navigation = await Promise.race([at.page.navigate(url, deadline), at.untilLoadingWithoutEnd]);
  // A page that loads itself again and again tells nothing that it has not told.
  if (navigation === null || navigation.errorText !== null || navigation.timedOut)
    return { reloadedAtMs, bannerAfterReload: null };
  onStage('settling');
  await at.page.interact(deadline);
  await at.live(pageLifeMs);
  await keepReading(at, gathered);
  if (!at.canGoOn()) return { reloadedAtMs, bannerAfterReload: null };
  const { banner } = await at.readBanner(1);
  return { reloadedAtMs, bannerAfterReload: banner !== null };
}

async function takeBack(
  at: StatePage,
  beforeChoice: readonly JarCookie[],
  context: ChoiceContext,
): Promise<Pick<Story, 'withdrawal' | 'moments'>> {
  const beforeWithdrawal = await at.takeStock();
  const withdrawal = await withdrawConsent(at, context);
  if (!withdrawal.offered) return { withdrawal, moments: { beforeChoice, beforeWithdrawal: null } };
  await at.live(AFTER_WITHDRAWAL_MS);
  await at.takeStock();
  return { withdrawal, moments: { beforeChoice, beforeWithdrawal } };
}

/** Before the page was opened. */
function nothingGathered(): Gathered {
  return {
    ...{ visits: [], outcomes: [], storage: [], clocksNotAdvanced: [] },
    ...{ wasShown: false, botWall: null, pageLifeMs: 0, next: null },
  };
}

async function keepReading(at: StatePage, gathered: Gathered): Promise<void> {
  gathered.pageLifeMs = Math.max(gathered.pageLifeMs, at.livedMs());
  if (at.page.hasCrashed()) return;
  const limitMs = Math.max(LATE_READ_LIMIT_MS, Math.min(READ_LIMIT_MS, at.deadline.remainingMs()));
  const keyOf = ({ kind, origin, key }: StoredItem): string => `${kind}\u0000${origin}\u0000${key}`;
  const known = new Set(gathered.storage.map(keyOf));
  const items = await readPage(at.scan, limitMs);
  gathered.storage.push(...items.filter((item) => !known.has(keyOf(item))));
}

function describeRun(
  { scan, strings }: StatePage,
  { state, consentMode }: StatePlan,
  { banner, choice, reloadedAtMs, bannerAfterReload, withdrawal }: Story,
  finalUrl: string,
): StateVisit['run'] {
  const sent = signalsOfRequests(scan);
  const { tcf, gpp } = strings.all();
  const byTime = (one: { atMs: number }, other: { atMs: number }): number => one.atMs - other.atMs;
  return {
    state,
    banner,
    actions: choice?.actions ?? [],
    outcome: choice?.outcome ?? 'not_asked',
    outcomeEvidence: [...(choice?.evidence ?? [])],
    choiceAtMs: choice?.choiceAtMs ?? null,
    reloadedAtMs,
    bannerAfterReload,
    withdrawal,
    tcf: [...tcf, ...sent.tcf].toSorted(byTime),
    gpp: [...gpp, ...sent.gpp].toSorted(byTime),
    consentMode: [...consentMode.declared(), ...sent.consentMode].toSorted(byTime),
    thirdPartyHosts: thirdPartyHosts(scan, finalUrl),
  };
}

function thirdPartyHosts({ requests }: StatePage['scan'], finalUrl: string): ConsentRun['thirdPartyHosts'] {
  const hosts = new Map<string, { host: string; firstAtMs: number; requests: number }>();
  const ownSite = siteOf(finalUrl);
  for (const { url, atMs } of requests.all().flatMap(({ hops }) => hops)) {
    if (!/^(https?|wss?):/.test(url) || !URL.canParse(url) || siteOf(url) === ownSite) continue;
    const { hostname: host } = new URL(url);
    const known = hosts.get(host);
    if (known) known.requests += 1;
    else hosts.set(host, { host, firstAtMs: atMs, requests: 1 });
  }
  return [...hosts.values()];
}
