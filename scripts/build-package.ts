/**
 * Builds packages for people who install them from a registry: JavaScript, types, and a manifest of its own. Node strips
 * no types under `node_modules`, so sources cannot be published.
 *
 *     node scripts/build-package.ts [NAME…] [--into DIRECTORY]        default: all, each in packages/NAME/dist
 */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, type UserConfig } from 'tsdown'
import { PURE } from './arrows.ts'
import { buildThreads } from './build-threads.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * `alone`: runs anywhere, with its siblings inside. `sibling`: runs on Node, beside the siblings that it depends on, so
 * that all of them share one `JournalCorrupt` and one `Ledger`.
 */
const PUBLISHED = {
  sdk: 'alone',
  money: 'sibling',
  access: 'sibling',
  rules: 'sibling',
  ledger: 'sibling',
  journal: 'sibling',
  engine: 'sibling',
  backup: 'sibling',
  contract: 'sibling',
  verify: 'sibling',
  proof: 'sibling',
  scenario: 'sibling',
  postgres: 'sibling',
  'read-models': 'sibling',
  server: 'sibling',
  cli: 'sibling',
} as const
type Published = keyof typeof PUBLISHED
type Form = (typeof PUBLISHED)[Published]

const FORMS = {
  alone: {
    platform: 'neutral',
    target: 'es2022',
    deps: { alwaysBundle: [/^@tallystick\//] },
    // The types need no other package (isolatedDeclarations holds them to it).
    dts: { oxc: true, sourcemap: false },
    logLevel: 'warn',
  },
  sibling: {
    platform: 'node',
    target: 'esnext',
    deps: { neverBundle: [/^@tallystick\//] },
    dts: {
      tsgo: true,
      tsconfig: join(ROOT, 'tsconfig.build.json'),
      entry: '**/src/index.ts',
      sourcemap: false,
    },
    plugins: [buildThreads()],
    // At `warn`, every build would say that the types come from TypeScript 7.
    logLevel: 'error',
  },
} as const satisfies Record<Form, UserConfig>

const ENGINES: Readonly<Record<Form, string>> = { alone: '>=20.3', sibling: '>=26' }

/** Programs in TypeScript have Node's types; all others need none. */
const NODE_TYPES = {
  peerDependencies: { '@types/node': '*' },
  peerDependenciesMeta: { '@types/node': { optional: true } },
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly sideEffects?: boolean
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: boolean }>>
}

async function buildPackage(name: Published, directory: string): Promise<void> {
  const source = join(ROOT, 'packages', name)
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  await build({
    config: false,
    cwd: source,
    entry: ['src/index.ts', ...Object.values(manifest.bin ?? {})],
    outDir: directory,
    format: 'esm',
    sourcemap: false,
    fixedExtension: false,
    hash: false,
    report: false,
    ...FORMS[PUBLISHED[name]],
  })
  // Read beside the code, where it is built too.
  const migrations = join(source, 'src/migrations')
  if (existsSync(migrations)) cpSync(migrations, join(directory, 'migrations'), { recursive: true })
  const browser = join(source, 'browser')
  if (existsSync(browser)) cpSync(browser, join(directory, 'browser'), { recursive: true })
  const text = JSON.stringify(published(name, manifest, readdirSync(directory)), null, 2)
  writeFileSync(join(directory, 'package.json'), `${text}\n`)
  copyFileSync(join(source, 'README.md'), join(directory, 'README.md'))
  copyFileSync(join(ROOT, 'LICENSE'), join(directory, 'LICENSE'))
}

/** The manifest that is published. Siblings that are inside are no dependencies. */
function published(name: Published, manifest: Manifest, files: readonly string[]): object {
  const form = PUBLISHED[name]
  return {
    name: manifest.name,
    version: manifest.version,
    description: manifest.description,
    license: manifest.license,
    type: 'module',
    sideEffects: manifest.sideEffects,
    bin: manifest.bin && mapValues(manifest.bin, (path) => `./${basename(path, '.ts')}.js`),
    exports: { '.': { types: './index.d.ts', default: './index.js' }, ...browserOf(name) },
    files: files.toSorted(),
    dependencies: form === 'alone' ? undefined : manifest.dependencies,
    optionalDependencies: manifest.optionalDependencies,
    ...peersOf(name, manifest),
    engines: { node: ENGINES[form] },
  }
}

function peersOf(
  name: Published,
  manifest: Manifest,
): Pick<Manifest, 'peerDependencies' | 'peerDependenciesMeta'> {
  const { peerDependencies, peerDependenciesMeta } =
    PUBLISHED[name] === 'alone' || PURE.includes(name)
      ? { peerDependencies: {}, peerDependenciesMeta: {} }
      : NODE_TYPES
  const peers = { ...peerDependencies, ...manifest.peerDependencies }
  if (Object.keys(peers).length === 0) return {}
  return {
    peerDependencies: peers,
    peerDependenciesMeta: { ...peerDependenciesMeta, ...manifest.peerDependenciesMeta },
  }
}

/** The file for browsers, read as a text by whoever makes pages. */
function browserOf(name: Published): Readonly<Record<string, string>> {
  return name === 'verify' ? { './browser': './browser/tally-verify.js' } : {}
}

function mapValues(
  map: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]))
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { into: { type: 'string' } },
})
const all = Object.keys(PUBLISHED) as Published[]
const names = positionals.length === 0 ? all : all.filter((name) => positionals.includes(name))
if (names.length < positionals.length) {
  console.error(`node scripts/build-package.ts [${all.join('|')}]… [--into DIRECTORY]`)
  process.exit(2)
}
const directoryOf = (name: Published): string =>
  values.into === undefined ? join(ROOT, 'packages', name, 'dist') : resolve(values.into, name)
await Promise.all(names.map((name) => buildPackage(name, directoryOf(name))))
