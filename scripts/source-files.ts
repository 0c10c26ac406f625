/** The project's own text files, read once for the tests of its style. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string
  readonly text: string
}

const SKIPPED = new Set(['node_modules', 'dist', 'dist-types', 'coverage', '.git'])
/** What a ledger started from this directory leaves behind. */
const SKIPPED_AT_ROOT = new Set(['data', 'keys'])
const TEXT = /\.(ts|tsx|mjs|js|json|md|sql|sh|yml|yaml|csv|txt)$|^\.ci\/|^\.[a-z]+$|^[A-Z]+$/

export function textFiles(): SourceFile[] {
  return walk(ROOT)
    .map((path) => relative(ROOT, path).split(sep).join('/'))
    .filter((path) => TEXT.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

export const isTest = (path: string): boolean =>
  path.endsWith('.test.ts') || /^packages\/[^/]+\/test\//.test(path)

function walk(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return []
    if (directory === ROOT && SKIPPED_AT_ROOT.has(entry.name)) return []
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return walk(path)
    return entry.isFile() ? [path] : []
  })
}
