import type { Confidence, KnowledgeBase, KnownCategory, PurposeModel } from '@cookie-scanner/contracts';
import type { UnknownThing } from '../classification/unknown-thing.ts';
import { categoryProbabilities } from './category-probabilities.ts';
import { observedEvidence } from './observed-evidence.ts';
import { purposeFeatures } from './purpose-features.ts';

/** A model never knows more than a name that stands alone does. */
const MEDIUM_PROBABILITY_MIN = 0.9;

/** What a model makes of something that nobody knows by name. */
export interface PurposeGuess {
  readonly category: KnownCategory;
  /** 0 to 1. */
  readonly probability: number;
  /** Whether that is enough to say so. */
  readonly isSure: boolean;
  readonly confidence: Confidence;
}

/** The likeliest category of something, by the model and by what the scan saw of it; null for a model without any. */
export function guessPurpose(
  model: PurposeModel,
  thing: UnknownThing,
  knowledge: Pick<KnowledgeBase, 'vendorOf'>,
): PurposeGuess | null {
  const features = purposeFeatures({ ...thing, vendorKind: vendorKindOf(thing, knowledge) });
  const evidence = observedEvidence(thing);
  const probabilities = categoryProbabilities(
    model,
    features,
    model.categories.map((category) => evidence[category]),
  );
  const probability = Math.max(...probabilities);
  const at = probabilities.indexOf(probability);
  const category = model.categories[at];
  if (category === undefined) return null;
  return {
    category,
    probability: Number(probability.toFixed(3)),
    isSure: probability >= (model.thresholds[at] ?? 1),
    confidence: probability >= MEDIUM_PROBABILITY_MIN ? 'medium' : 'low',
  };
}

/** Of whoever owns the domain, where that is somebody else's, or else of the nearest setter that is known. */
function vendorKindOf(
  { domain, party, nearestHosts }: UnknownThing,
  knowledge: Pick<KnowledgeBase, 'vendorOf'>,
): string | null {
  const hosts = party === 'third' ? [domain, ...nearestHosts] : nearestHosts;
  return hosts.map((host) => knowledge.vendorOf(host)).find((vendor) => vendor !== null)?.kind ?? null;
}
