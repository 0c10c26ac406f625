/** Packages as a user of npm gets them: built, packed, and installed from their tarballs in a project of its own, without a network. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const run = promisify(execFile)

export interface InstalledPackages {
  /** Holds all of it: the built packages by their names, the tarballs, the project. To be removed by the caller. */
  readonly work: string
  readonly project: string
}

/** @param lent the package whose dependencies beyond this repository are there already, since there is no network to get them. */
export async function installPackages(
  names: readonly string[],
  lent?: string,
): Promise<InstalledPackages> {
  const work = mkdtempSync(join(tmpdir(), 'tally-installed-'))
  const project = join(work, 'project')
  const script = join(ROOT, 'scripts/build-package.ts')
  await run(process.execPath, [script, ...names, '--into', work])
  await npm(work, 'pack', ...names.map((name) => `./${name}`))
  const tarballs = readdirSync(work).filter((name) => name.endsWith('.tgz'))
  mkdirSync(project)
  if (lent !== undefined) await lend(lent, project)
  writeFileSync(join(project, 'package.json'), '{"private":true,"type":"module"}')
  await npm(project, 'install', ...tarballs.map((name) => join(work, name)))
  return { work, project }
}

async function npm(directory: string, ...args: string[]): Promise<string> {
  const quiet = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts']
  const { stdout } = await run('npm', [...args, ...quiet], { cwd: directory })
  return stdout
}

async function lend(name: string, project: string): Promise<void> {
  const workspace = join('packages', name)
  const listed = await npm(ROOT, 'ls', '--omit=dev', '--all', '--parseable', '-w', workspace)
  const paths = listed.split('\n').map((path) => relative(ROOT, path))
  // Those that lie inside of others come with them.
  for (const path of paths.filter((each) => /^node_modules\/(?!@tallystick\/)/.test(each))) {
    if (!/.\/node_modules\//.test(path)) {
      cpSync(join(ROOT, path), join(project, path), { recursive: true, verbatimSymlinks: true })
    }
  }
}
