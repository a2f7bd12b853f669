import tseslint from 'typescript-eslint';

/** Entry points and settings may read the environment; everything else gets values handed in. */
const MAY_READ_ENVIRONMENT = [
  '**/main.ts',
  '**/*-cli.ts',
  '**/serve.ts',
  'packages/config/src/**',
  'packages/local-stack/src/**',
  'packages/cli/src/**',
  'packages/bench/src/**',
  'packages/scan-engine/src/browser/find-browser.ts',
  '**/testing/**',
  'packages/redis/src/test-redis-server.ts',
  '**/testing.ts',
  '**/*.test.ts',
  '**/*.test.helper.ts',
  '**/*.test.fixture.ts',
  '**/test/**',
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/*.mjs',
      '**/*.cjs',
      'packages/api-client/src/generated/**',
      'packages/database/src/generated/**',
      '.cookie-scanner/**',
      'coverage/**',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      // `void` says that a value is left unused on purpose, whether or not there is one.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // An async function without await is how a synchronous implementation fits an asynchronous interface.
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 90, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Read settings through packages/config, once, in main.ts.',
        },
      ],
    },
  },
  { files: MAY_READ_ENVIRONMENT, rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['**/*.test.ts', '**/*.test.helper.ts', '**/*.test.fixture.ts', '**/test/**'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-invalid-void-type': 'off' },
  },
);
