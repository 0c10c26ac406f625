/**
 * Builds a package for people who install it from a registry: one JavaScript file with what it needs of its siblings
 * inside, its types, and a manifest of its own. Node strips no types under `node_modules`, so sources cannot be published.
 *
 *     node scripts/build-package.ts sdk [directory]        default: packages/sdk/dist
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsdown'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Where each published package runs. */
const PUBLISHED = { sdk: 'neutral' } as const
type Published = keyof typeof PUBLISHED

interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly dependencies?: Readonly<Record<string, string>>
}

async function buildPackage(name: Published, directory: string): Promise<void> {
  const source = join(ROOT, 'packages', name)
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  await build({
    config: false,
    cwd: source,
    entry: ['src/index.ts'],
    outDir: directory,
    format: 'esm',
    platform: PUBLISHED[name],
    target: 'es2022',
    // Siblings are sources, so they go inside; the types need no other package (isolatedDeclarations holds them to it).
    deps: { alwaysBundle: [/^@tallystick\//] },
    dts: { oxc: true, sourcemap: false },
    sourcemap: false,
    fixedExtension: false,
    report: false,
    logLevel: 'warn',
  })
  writeFileSync(join(directory, 'package.json'), `${JSON.stringify(published(source), null, 2)}\n`)
  copyFileSync(join(source, 'README.md'), join(directory, 'README.md'))
  copyFileSync(join(ROOT, 'LICENSE'), join(directory, 'LICENSE'))
}

/** The manifest that is published: siblings are inside, so they are no dependencies. */
function published(source: string): object {
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest
  return {
    name: manifest.name,
    version: manifest.version,
    description: manifest.description,
    license: manifest.license,
    type: 'module',
    sideEffects: false,
    exports: { '.': { types: './index.d.ts', default: './index.js' } },
    files: ['index.js', 'index.d.ts'],
    engines: { node: '>=20.3' },
  }
}

const [name = '', directory] = process.argv.slice(2)
if (!Object.hasOwn(PUBLISHED, name)) {
  console.error(`node scripts/build-package.ts ${Object.keys(PUBLISHED).join('|')} [directory]`)
  process.exit(2)
}
await buildPackage(name as Published, resolve(directory ?? join(ROOT, 'packages', name, 'dist')))
