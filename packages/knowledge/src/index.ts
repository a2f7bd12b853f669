export { KNOWLEDGE_VERSION, knowledgeEntries, knownVendors, loadKnowledge } from './load-knowledge.ts';
export { loadPurposeModel } from './load-purpose-model.ts';
