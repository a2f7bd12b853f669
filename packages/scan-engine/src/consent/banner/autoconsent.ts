import { randomUUID } from 'node:crypto';
import type { CDPSession } from '../../browser/cdp.ts';
import { sendAndForget } from '../../browser/target-attacher.ts';
import type { ScanSession } from '../../scan-session.ts';
import { autoconsentFiles } from './autoconsent-files.ts';
import { guardSource } from './click-guard.source.ts';
import { enterOwnWorlds, evaluateIn, type OwnWorld } from './consent-frames.ts';

/** Something that autoconsent pressed. */
interface RulePress {
  readonly text: string;
  readonly selector: string;
  readonly frameUrl: string;
  readonly atMs: number;
}

/** A banner that one of its rules knows. */
export interface KnownBanner {
  readonly rule: string;
  readonly world: OwnWorld;
}

/** autoconsent in every frame of one session. */
export interface Autoconsent {
  /** Starts it in frames that have none yet. It then looks around in the page's own time. */
  spread(mainFrameId: string): Promise<void>;
  /**
   * The banner that a rule found so far; a rule for one manager comes before the general ones.
   *
   * @param withHeuristics - whether a guess at a refusal counts, which says less than our own reading of the same words
   */
  known(withHeuristics: boolean): KnownBanner | null;
  /**
   * Lets the rule agree or refuse. It waits in the page's own time, so `live` is called until it is done.
   *
   * @param live - lets the page live on for a moment; false when there is no time left
   * @returns what it pressed; what really changed is for others to see
   */
  act(
    banner: KnownBanner,
    choice: 'accept' | 'reject',
    live: () => Promise<boolean>,
  ): Promise<readonly RulePress[]>;
}

/** What autoconsent says to us; of each kind only what concerns us. */
type Message =
  | { readonly type: 'init' }
  | { readonly type: 'eval'; readonly id: string; readonly code: string }
  | { readonly type: 'popupFound'; readonly cmp: string }
  | { readonly type: 'optOutResult' | 'optInResult' }
  | { readonly type: 'pressed'; readonly text: string; readonly selector: string };

const WORLD = 'consent-rules';
/** How it calls what no rule but its heuristics found. */
const HEURISTIC = 'HEURISTIC';

/** Rules, and refusals by its heuristics; agreement where it was not asked for is out of the question. */
const CONFIG = {
  enabled: true,
  autoAction: null,
  disabledCmps: [],
  enablePrehide: false,
  enableCosmeticRules: false,
  enableGeneratedRules: true,
  detectRetries: 40,
  isMainWorld: false,
  enableHeuristicDetection: false,
  heuristicMode: 'reject',
  logs: {
    ...{ lifecycle: false, rulesteps: false, detectionsteps: false, evals: false },
    ...{ errors: false, messages: false, waits: false },
  },
};

/** Prepares autoconsent for one session. */
export function openAutoconsent(scan: ScanSession): Autoconsent {
  const binding = `report_${randomUUID().replaceAll('-', '')}`;
  const worlds = new Map<string, OwnWorld>();
  const sessions = new Set<CDPSession>();
  const found: KnownBanner[] = [];
  let presses: RulePress[] = [];
  let isDone = false;
  let mainFrame = '';

  const tell = (world: OwnWorld, message: string): void =>
    sendAndForget(world.session, 'Runtime.evaluate', {
      contextId: world.contextId,
      expression: `void globalThis.autoconsentReceiveMessage(${message})`,
    });
  const onMessage = async (world: OwnWorld, message: Message): Promise<void> => {
    const frameUrl = scan.frames.urlOf(world.frameId) ?? 'about:blank';
    switch (message.type) {
      case 'init': {
        const rules = (await autoconsentFiles()).rulesFor(frameUrl, world.frameId === mainFrame);
        tell(world, `{ type: 'initResp', config: ${JSON.stringify(CONFIG)}, rules: ${rules} }`);
        return;
      }
      case 'eval': {
        const value = await evaluateInMainWorld(scan, world, message.code);
        tell(world, JSON.stringify({ type: 'evalResp', id: message.id, result: value }));
        return;
      }
      case 'popupFound':
        found.push({ rule: message.cmp, world });
        return;
      case 'optOutResult':
      case 'optInResult':
        isDone = true;
        return;
      case 'pressed':
        presses.push({
          text: message.text,
          selector: message.selector,
          frameUrl,
          atMs: Math.floor(scan.clock()),
        });
        return;
      default: // It reports its states all the time.
    }
  };
  const listen = (session: CDPSession): void => {
    if (sessions.has(session)) return;
    sessions.add(session);
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      const world = worlds.get(keyOf(session, executionContextId));
      if (name === binding && world) void onMessage(world, JSON.parse(payload) as Message);
    });
    sendAndForget(session, 'Runtime.addBinding', { name: binding, executionContextName: WORLD });
  };

  return {
    async spread(mainFrameId) {
      mainFrame = mainFrameId;
      const { script } = await autoconsentFiles();
      const entered = await enterOwnWorlds(scan, WORLD);
      const fresh = entered.filter((world) => !worlds.has(keyOf(world.session, world.contextId)));
      for (const world of fresh) {
        worlds.set(keyOf(world.session, world.contextId), world);
        listen(world.session);
        await evaluateIn(world, guardSource(binding));
        await evaluateIn(world, script);
      }
    },
    known: (withHeuristics) =>
      found
        .filter(({ rule }) => withHeuristics || !rule.startsWith(HEURISTIC))
        .filter(({ world }) => worlds.get(keyOf(world.session, world.contextId)) === world)
        .toSorted((one, other) => generality(one) - generality(other))[0] ?? null,
    async act({ world }, choice, live) {
      presses = [];
      isDone = false;
      await evaluateIn(world, `globalThis.cookieScannerMayAccept = ${String(choice === 'accept')}`);
      tell(world, JSON.stringify({ type: choice === 'accept' ? 'optIn' : 'optOut' }));
      for (let goesOn = true; goesOn && isWorking();) goesOn = await live();
      await evaluateIn(world, 'globalThis.cookieScannerMayAccept = false');
      return presses;
    },
  };

  // A function, because the compiler does not know that messages change the value meanwhile.
  function isWorking(): boolean {
    return !isDone;
  }
}

function keyOf(session: CDPSession, contextId: number): string {
  return `${session.id()}:${contextId}`;
}

function generality({ rule }: KnownBanner): number {
  if (rule.startsWith(HEURISTIC)) return 2;
  return rule.startsWith('auto_') ? 1 : 0;
}

/** Some rules ask the page's own code, such as a function of the consent manager. */
async function evaluateInMainWorld(scan: ScanSession, world: OwnWorld, code: string): Promise<boolean> {
  const contextId = scan.frames.ownContextOf(world.frameId);
  if (contextId === null) return false;
  return Boolean(await evaluateIn({ session: world.session, contextId }, code));
}
