/**
 * Which package may import which: the one place that says it. oxlint.config.ts and arrows.test.ts read
 * this table, so that a wrong arrow is a lint error, and a wrong package.json a failed test.
 */
export const ARROWS = {
  money: [],
  // Who may do what is a part of what the log decides.
  access: [],
  // What watches the stream is a part of what the log decides, too.
  rules: ['access', 'money'],
  ledger: ['access', 'money', 'rules'],
  journal: [],
  // Nothing: an auditor reads all that he runs.
  verify: [],
  proof: ['verify'],
  engine: ['access', 'ledger', 'journal', 'money', 'proof', 'rules', 'verify'],
  backup: ['engine', 'ledger', 'journal', 'money', 'proof', 'verify'],
  contract: ['money'],
  // Nothing of the ledger: domains build on it, and so does what follows the journal.
  postgres: [],
  'read-models': ['contract', 'engine', 'ledger', 'money', 'postgres'],
  server: [
    'access',
    'rules',
    'backup',
    'read-models',
    'postgres',
    'money',
    'ledger',
    'journal',
    'engine',
    'contract',
    'proof',
    'verify',
  ],
  sdk: ['contract', 'verify'],
  scenario: ['money', 'ledger'],
  // `tally start`, `play` and `verify` need the server and the engine themselves.
  cli: [
    'contract',
    'sdk',
    'engine',
    'backup',
    'server',
    'money',
    'ledger',
    'scenario',
    'proof',
    'verify',
  ],
  testkit: [
    'access',
    'rules',
    'postgres',
    'money',
    'ledger',
    'journal',
    'engine',
    'backup',
    'contract',
    'server',
    'sdk',
    'scenario',
    'proof',
    'verify',
  ],
  // Nothing imports it.
  sim: ['money', 'ledger', 'journal', 'engine', 'testkit', 'proof', 'verify'],
  bench: [
    'money',
    'ledger',
    'journal',
    'engine',
    'postgres',
    'read-models',
    'contract',
    'server',
    'sdk',
    'testkit',
    'proof',
    'verify',
  ],
} as const satisfies Record<string, readonly string[]>

export type PackageName = keyof typeof ARROWS

export const PACKAGES = Object.keys(ARROWS) as PackageName[]

/** Compiled without Node's types: no clock, no randomness, no input or output. */
export const PURE: readonly PackageName[] = ['money', 'access', 'rules', 'ledger', 'contract']

/** Tests may use the test kit besides what their package may import. */
export function mayImport(from: PackageName, where: 'source' | 'test'): readonly string[] {
  return where === 'test' ? [...ARROWS[from], from, 'testkit'] : ARROWS[from]
}
