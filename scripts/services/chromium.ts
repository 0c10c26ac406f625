/**
 * A real Chromium for tests and pictures: the one of this machine, else Debian's package with fonts, installed once where this user may.
 *
 *     node scripts/services/chromium.ts     prints one line of JSON: executablePath
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']
const PACKAGES = ['chromium', 'fonts-liberation', 'fonts-noto-color-emoji']
const LOCK_SECONDS_MAX = 300

function found(): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter)
  return NAMES.flatMap((name) => directories.map((directory) => join(directory, name))).find(
    (path) => existsSync(path),
  )
}

/** Runs to its end; what it says goes to standard error. */
function run(command: string, args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(command, args, { env, stdio: ['ignore', 2, 2] }).status === 0
}

function install(): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error('there is no Chromium here, and only root on Debian can install one')
  }
  const wait = ['-o', `DPkg::Lock::Timeout=${LOCK_SECONDS_MAX}`]
  run('apt-get', ['update', '-qq'])
  if (!run('apt-get', [...wait, 'install', '-y', '-qq', '--no-install-recommends', ...PACKAGES])) {
    throw new Error('Chromium could not be installed')
  }
}

if (found() === undefined) install()
console.log(JSON.stringify({ executablePath: found() }))
