import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { PACKAGES } from './arrows.ts'
import { isTest, ROOT, type SourceFile, textFiles } from './source-files.ts'

const files = textFiles()
const code = files.filter(({ path }) => /\.(ts|tsx|mjs)$/.test(path))

/** This file names what it forbids, so it is left out where its own words would be found. */
const SELF = 'scripts/tidy.test.ts'

const findLines = (among: readonly SourceFile[], wrong: (line: string) => boolean): string[] =>
  among
    .filter(({ path }) => path !== SELF)
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (wrong(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
    )

test('types are never switched off', () => {
  const off = /\bas any\b|\bas unknown as\b|@ts-(ignore|nocheck)/
  expect(findLines(code, (line) => off.test(line))).toEqual([])
})

test('a switched off lint rule has a reason after two dashes', () => {
  const disable = /(oxlint|eslint)-disable/
  expect(findLines(code, (line) => disable.test(line) && !/ -- \S/.test(line))).toEqual([])
})

test('no test is focused, skipped or left to do', () => {
  const idle = /\b(test|it|describe)(\.\w+)*\.(only|skip|skipIf|todo)\b|\b(fit|xit|xdescribe)\(/
  expect(findLines(code, (line) => idle.test(line))).toEqual([])
})

test('files are named after what they hold, in kebab-case', () => {
  const names = code.map(({ path }) => basename(path))
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/.test(name))).toEqual([])
  expect(names.filter((name) => /^(utils?|helpers?|common|misc|types)\./.test(name))).toEqual([])
})

test('every source file opens by saying what it owns', () => {
  const silent = code
    .filter(({ path }) => !isTest(path) && !/(^|\/)index\.ts$|\.config\.ts$/.test(path))
    .filter(({ text }) => !text.replace(/^#!.*\n/, '').startsWith('/**'))
  expect(silent.map(({ path }) => path)).toEqual([])
})

test.each(PACKAGES)('package %s is a manifest, a tsconfig, a README and sources', (name) => {
  const made = ['node_modules', 'dist', 'dist-types']
  const tested = [
    'engine',
    'journal',
    'backup',
    'server',
    'sdk',
    'cli',
    'sim',
    'verify',
    'postgres',
    'read-models',
  ]
  const optional = tested.includes(name) ? ['test'] : []
  // One file for pages, made by scripts/build-verifier.ts.
  if (name === 'verify') optional.push('browser')
  const found = readdirSync(join(ROOT, 'packages', name)).filter(
    (entry) => ![...made, ...optional].includes(entry),
  )
  expect(found.sort()).toEqual(['README.md', 'package.json', 'src', 'tsconfig.json'])
})

test('nothing names a package registry or a place on one machine', () => {
  const place = /(^|[\s"'`(=:])\/(work|home|root|Users)\/|registry\.(npm|yarn)|"resolved": "http/
  expect(findLines(files, (line) => place.test(line))).toEqual([])
})
