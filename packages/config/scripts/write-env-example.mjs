// Writes .env.example at the root from the schemas of the built package.
import { writeFileSync } from 'node:fs';
import { envExample } from '../dist/env-example.js';

writeFileSync(new URL('../../../.env.example', import.meta.url), envExample());
