import { after } from '../answers.ts';
import type { Answer } from '../site.ts';
import type { CookieTruth, StorageTruth } from '../truth.ts';
import { randomFrom, type Random } from './random.ts';

/** Third-party sites that the ordinary sites of one seed share. */
const PARTNER_COUNT = 14;

/** Server think time of every response, in milliseconds. */
const THINK_MS = { min: 5, max: 80 };

/** An ordinary site while it is being made up. */
export class SiteDraft {
  readonly random: Random;
  readonly host: string;
  readonly origin: string;
  readonly url: string;
  readonly routes: Record<string, Answer> = {};
  readonly cookies: CookieTruth[] = [];
  readonly storage: StorageTruth[] = [];
  /** `Set-Cookie` headers of the document. */
  readonly documentCookies: string[] = [];
  readonly head: string[] = [];
  readonly content: string[] = [];
  /** Statements of the site's own script. */
  readonly appCode: string[] = [];
  readonly #seed: number;
  readonly #index: number;
  #resources = 0;

  constructor(seed: number, index: number) {
    this.#seed = seed;
    this.#index = index;
    this.random = randomFrom(seed * 1_000_003 + index);
    this.host = `ordinary-${seed}-${index}.test`;
    this.origin = `https://${this.host}`;
    this.url = `${this.origin}/`;
  }

  /** How many resources the page loads besides itself. */
  get resourceCount(): number {
    return this.#resources;
  }

  /** Adds a resource of the site itself and returns its address. */
  own(name: string, answer: Answer): string {
    return this.#resource(this.host, `/assets/${this.#resources}-${name}`, answer);
  }

  /** Adds a resource of some third party and returns its host and address. */
  partner(name: string, answer: Answer): { host: string; url: string } {
    const host = `partner-${this.#seed}-${this.random.integer(1, PARTNER_COUNT)}.test`;
    return { host, url: this.#resource(host, `/${this.#index}/${this.#resources}-${name}`, answer) };
  }

  /** Answers after this response's think time. */
  thinking(answer: Answer): Answer {
    return after(this.random.integer(THINK_MS.min, THINK_MS.max), answer);
  }

  #resource(host: string, path: string, answer: Answer): string {
    this.#resources += 1;
    this.routes[`https://${host}${path}`] = this.thinking(answer);
    return `https://${host}${path}`;
  }
}
