export { KNOWLEDGE_VERSION, knowledgeEntries, loadKnowledge } from './load-knowledge.ts';
