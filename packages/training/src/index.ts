export { confusionTable, grade, type Answer, type Grades } from './examination.ts';
export { knowledgeExamples } from './knowledge-examples.ts';
export { LEARNED_CATEGORIES, type PurposeExample } from './purpose-example.ts';
export { partsByGroup } from './split-by-group.ts';
export { answerOf, predictAll, trainPurposeModel } from './train-purpose-model.ts';
