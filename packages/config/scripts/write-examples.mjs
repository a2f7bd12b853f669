// Writes .env.example and config.example.yaml at the root from the schemas of the built package.
import { writeFileSync } from 'node:fs';
import { envExample, yamlExample } from '../dist/example-files.js';

writeFileSync(new URL('../../../.env.example', import.meta.url), envExample());
writeFileSync(new URL('../../../config.example.yaml', import.meta.url), yamlExample());
