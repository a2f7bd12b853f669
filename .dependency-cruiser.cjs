/** Who may import whom. Every rule has its reason in docs/ARCHITECTURE.md. */
const packageSource = (names) => `^packages/(${names.join('|')})/`;

/** Each package with the packages it may import beside itself. */
const MAY_IMPORT = {
  errors: [],
  'url-policy': ['errors'],
  contracts: ['url-policy', 'errors'],
  config: ['contracts', 'errors', 'url-policy'],
  observability: ['config', 'errors'],
  database: ['contracts', 'config', 'errors', 'observability'],
  redis: ['contracts', 'config', 'errors', 'observability'],
  auth: ['contracts', 'config', 'errors', 'database', 'redis'],
  queues: ['contracts', 'redis', 'errors', 'observability'],
  artifacts: ['contracts', 'config', 'errors'],
  'api-client': [],
  analysis: ['contracts'],
  planning: ['contracts'],
  knowledge: ['contracts'],
  'filter-lists': ['contracts', 'errors'],
  training: ['analysis', 'contracts', 'knowledge'],
  'scan-engine': ['contracts', 'errors', 'url-policy'],
  'test-web': [],
};

const TEST_FILES = '\\.test(\\.helper|\\.fixture)?\\.ts$|/test/|/testing[./]';

const layering = Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
  name: `${name}-imports-only-its-layer`,
  severity: 'error',
  from: { path: `^packages/${name}/src/`, pathNot: TEST_FILES },
  to: { path: '^packages/', pathNot: packageSource([name, ...allowed]) },
}));

/** Libraries that one place owns, so that everybody else speaks of the concept and not of the library. */
const ONE_OWNER = {
  prisma: { library: 'node_modules/(@prisma|prisma)/', owner: '^packages/database/' },
  pg: { library: 'node_modules/pg/', owner: '^packages/(database|local-stack|bench/src/(api|queue))/' },
  bullmq: { library: 'node_modules/bullmq/', owner: '^packages/(queues|bench/src/queue)/' },
  puppeteer: {
    library: 'node_modules/puppeteer(-core)?/',
    owner: '^packages/(scan-engine/src/browser|bench/src/engine)/',
  },
};

const ownership = Object.entries(ONE_OWNER).map(([name, { library, owner }]) => ({
  name: `${name}-has-one-owner`,
  severity: 'error',
  from: { path: '^(packages|services)/', pathNot: `${owner}|${TEST_FILES}` },
  to: { path: library },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'packages-never-import-services',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^services/' },
    },
    {
      name: 'services-never-import-each-other',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'services-never-import-the-cli-or-the-local-stack',
      severity: 'error',
      from: { path: '^services/', pathNot: TEST_FILES },
      to: { path: '^packages/(cli|local-stack|test-web|bench|chaos)/' },
    },
    {
      name: 'analysers-are-pure',
      severity: 'error',
      from: { path: '^packages/analysis/src/', pathNot: TEST_FILES },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?url$' },
    },
    ...layering,
    ...ownership,
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: '(^|/)dist/.*\\.test\\.|packages/(api-client|database)/src/generated' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
};
