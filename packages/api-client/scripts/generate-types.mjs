// Makes src/generated/schema.ts, the types of every operation, from openapi.json, which the gateway writes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const document = new URL('../openapi.json', import.meta.url);
const folder = new URL('../src/generated/', import.meta.url);
const types = new URL('schema.ts', folder);

// A field with a default may be left out of what is sent; what is answered names it as required.
const nodes = await openapiTS(readFileSync(document, 'utf8'), {
  alphabetize: true,
  defaultNonNullable: false,
  emptyObjectsUnknown: true,
});
mkdirSync(folder, { recursive: true });
writeFileSync(
  types,
  `// Made by scripts/generate-types.mjs from openapi.json. Do not edit.\n${astToString(nodes)}`,
);
