import { defineConfig, type OxlintOverride } from 'oxlint'
import { mayImport, PACKAGES, type PackageName, PURE } from './scripts/arrows.ts'

const TESTS = ['**/*.test.ts', 'packages/*/test/**']

type Rules = NonNullable<OxlintOverride['rules']>

const restrictImports = (from: PackageName, where: 'source' | 'test'): Rules => {
  const allowed = mayImport(from, where)
  const forbidden = PACKAGES.filter((name) => !allowed.includes(name))
  const arrow = {
    group: forbidden.map((name) => `@tallystick/${name}`),
    message: `${from} may not import this package: see scripts/arrows.ts.`,
  }
  const deep = { group: ['@tallystick/*/*'], message: 'Import the package, not a file inside it.' }
  return { 'no-restricted-imports': ['error', { patterns: [arrow, deep] }] }
}

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['dist', 'dist-types', 'node_modules', 'coverage', 'packages/verify/browser'],
  rules: {
    eqeqeq: 'error',
    // Brands and parsed JSON need one cast each; tidy.test.ts refuses the worse ones.
    'typescript/no-unsafe-type-assertion': 'off',
    // The compiler knows better, as it knows which switch is exhaustive.
    'typescript/consistent-return': 'off',
    'unicorn/no-useless-spread': 'off',
    'unicorn/require-module-specifiers': 'off',
    'no-useless-constructor': 'off',
    'no-shadow': 'off',
    'no-underscore-dangle': 'off',
    'no-var': 'error',
    'prefer-const': 'error',
    'max-depth': ['error', 3],
    'max-params': ['error', 4],
    'max-lines-per-function': ['error', { max: 70, skipBlankLines: false, skipComments: false }],
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'import/no-unassigned-import': 'off',
    // `fc.assert` reads better than a second `assert`.
    'import/no-named-as-default-member': 'off',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/prefer-add-event-listener': 'off',
  },
  overrides: [
    ...PACKAGES.map((name) => ({
      files: [`packages/${name}/src/**/*.ts`],
      rules: restrictImports(name, 'source'),
    })),
    ...PACKAGES.map((name) => ({
      files: [`packages/${name}/src/**/*.test.ts`, `packages/${name}/test/**/*.ts`],
      rules: restrictImports(name, 'test'),
    })),
    {
      files: PURE.map((name) => `packages/${name}/src/**/*.ts`),
      rules: {
        'no-restricted-globals': ['error', 'Date'],
        'no-restricted-properties': [
          'error',
          { object: 'Math', property: 'random', message: 'Pure packages are deterministic.' },
        ],
      },
    },
    {
      files: TESTS,
      rules: {
        'max-lines-per-function': 'off',
        'typescript/no-non-null-assertion': 'off',
        'no-restricted-globals': 'off',
        'vitest/expect-expect': 'off',
        'vitest/valid-title': 'off',
        'vitest/require-mock-type-parameters': 'off',
      },
    },
    {
      files: ['*.config.ts', 'scripts/count-reporter.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
  ],
})
