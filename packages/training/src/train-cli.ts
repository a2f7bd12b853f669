import { writeFileSync } from 'node:fs';
import { KNOWLEDGE_VERSION, knowledgeEntries, knownVendors } from '@cookie-scanner/knowledge';
import { knowledgeExamples } from './knowledge-examples.ts';
import { modelText } from './model-text.ts';
import { trainPurposeModel } from './train-purpose-model.ts';

/** Any will do; it is fixed so that everybody gets the same file. */
const SEED = 20261127;
const MODEL_FILE = new URL('../../knowledge/src/data/purpose-model.json', import.meta.url);

const examples = knowledgeExamples(knowledgeEntries(), knownVendors());
const model = trainPurposeModel(examples, { knowledgeVersion: KNOWLEDGE_VERSION, seed: SEED });
writeFileSync(MODEL_FILE, modelText(model));
process.stdout.write(
  `${model.name} ${model.version} from ${model.training.examples} examples, ${Object.keys(model.weights).length} features\n` +
    `${JSON.stringify(model.quality)} thresholds ${JSON.stringify(model.thresholds)}\n`,
);
