import { purposeModelSchema, type PurposeModel } from '@cookie-scanner/contracts';
import { readJson } from './read-json.ts';

let loaded: PurposeModel | null = null;

/** The trained model that ships with the platform; `npm run train -w packages/training` makes it again. */
export function loadPurposeModel(): PurposeModel {
  return (loaded ??= purposeModelSchema.parse(readJson('purpose-model')));
}
