import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ARROWS, mayImport, PACKAGES, type PackageName, PURE } from './arrows.ts'
import { isTest, ROOT, textFiles } from './source-files.ts'

const SCOPE = '@tallystick/'
const IMPORT = /\b(?:import|export)\b[^'"`;=()]*?\bfrom\s*'([^']+)'|\bimport\s*\(?\s*'([^']+)'/g

interface Import {
  readonly path: string
  readonly specifier: string
}

interface Manifest {
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
}

const importsOf = (name: PackageName): Import[] =>
  textFiles()
    .filter(({ path }) => path.startsWith(`packages/${name}/`) && path.endsWith('.ts'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(IMPORT)].map((match) => ({ path, specifier: match[1] ?? match[2] ?? '' })),
    )

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
const readManifest = (name: PackageName) => readJson(`packages/${name}/package.json`) as Manifest

/** `@scope/name/deep` → `@scope/name`, `name/deep` → `name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

test('every package folder is in the table of arrows and the other way round', () => {
  expect(readdirSync(join(ROOT, 'packages')).sort()).toEqual([...PACKAGES].sort())
})

test('the arrows have no cycle', () => {
  const done = new Set<string>()
  const visit = (name: PackageName, way: readonly string[]): void => {
    expect(way, `cycle: ${[...way, name].join(' -> ')}`).not.toContain(name)
    if (done.has(name)) return
    for (const next of ARROWS[name]) visit(next, [...way, name])
    done.add(name)
  }
  for (const name of PACKAGES) visit(name, [])
})

test('pure packages import pure packages only', () => {
  for (const name of PURE) expect(PURE).toEqual(expect.arrayContaining([...ARROWS[name]]))
})

test.each(PACKAGES)('%s imports only what its arrows allow', (name) => {
  const wrong = importsOf(name).filter(({ path, specifier }) => {
    if (!specifier.startsWith(SCOPE)) return false
    const allowed = mayImport(name, isTest(path) ? 'test' : 'source')
    return !allowed.includes(specifier.slice(SCOPE.length))
  })
  expect(wrong).toEqual([])
})

test.each(PACKAGES)('%s never reaches into another package by a path', (name) => {
  const wrong = importsOf(name).filter(({ path, specifier }) => {
    if (!specifier.startsWith('.')) return false
    const target = new URL(specifier, `file:///${path}`).pathname
    return !target.startsWith(`/packages/${name}/`)
  })
  expect(wrong).toEqual([])
})

test.each(PACKAGES)('%s declares every package its source imports', (name) => {
  const { dependencies, peerDependencies } = readManifest(name)
  const declared = Object.keys({ ...dependencies, ...peerDependencies })
  const wrong = importsOf(name)
    .filter(({ path, specifier }) => !isTest(path) && !/^(\.|node:)/.test(specifier))
    .filter(({ specifier }) => !declared.includes(packageOf(specifier)))
  expect(wrong).toEqual([])
})

test.each(PACKAGES)("%s' package.json and tsconfig.json follow the arrows", (name) => {
  const siblings = Object.keys(readManifest(name).dependencies ?? {})
    .filter((dependency) => dependency.startsWith(SCOPE))
    .map((dependency) => dependency.slice(SCOPE.length))
  const { references = [] } = readJson(`packages/${name}/tsconfig.json`) as {
    references?: { path: string }[]
  }
  expect(ARROWS[name]).toEqual(expect.arrayContaining(siblings))
  expect(references.map(({ path }) => path.replace('../', '')).sort()).toEqual(siblings.sort())
})

test.each(PACKAGES)('%s pins its dependencies exactly', (name) => {
  const { dependencies, devDependencies, peerDependencies } = readManifest(name)
  // DuckDB counts its packages behind its own version.
  for (const version of Object.values({ ...dependencies, ...devDependencies, ...peerDependencies }))
    expect(version).toMatch(/^\d+\.\d+\.\d+(-r\.\d+)?$/)
})
