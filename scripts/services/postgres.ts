/**
 * Debian's PostgreSQL for tests and trials, on a free port of this machine, over a throw-away directory. What is missing is installed when
 * we are root.
 *
 *     node scripts/services/postgres.ts     prints one line of JSON: url; ends with its standard input
 */
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { freePort } from './free-port.ts'

const VERSIONS = '/usr/lib/postgresql'

/** Directory of the newest version's programs. */
function programs(): string {
  if (!existsSync(VERSIONS)) {
    const args = ['install', '-y', '--no-install-recommends', 'postgresql']
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', args, { env, stdio: ['ignore', 2, 2] })
  }
  const [newest] = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a))
  if (newest === undefined) throw new Error('PostgreSQL could not be installed')
  return join(VERSIONS, newest, 'bin')
}

function idOf(which: '-u' | '-g'): number {
  return Number(spawnSync('id', [which, 'postgres'], { encoding: 'utf8' }).stdout)
}

const bin = programs()
const isRoot = process.getuid?.() === 0
const user = isRoot ? { uid: idOf('-u'), gid: idOf('-g') } : {}
const directory = mkdtempSync(join(tmpdir(), 'tally-debian-pg-'))
if (user.uid !== undefined) chownSync(directory, user.uid, user.gid)
const place = { ...user, cwd: directory, env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' } }
const made = spawnSync(
  join(bin, 'initdb'),
  [
    '-D',
    join(directory, 'data'),
    '-U',
    'tally',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-sync',
    '--no-instructions',
  ],
  { ...place, stdio: ['ignore', 'ignore', 2] },
)
if (made.status !== 0) throw new Error('initdb failed')
const port = await freePort()
// Throw-away: nothing of it has to survive a loss of power.
const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
const server = spawn(
  join(bin, 'postgres'),
  ['-D', join(directory, 'data'), '-p', String(port), ...settings.flatMap((each) => ['-c', each])],
  { ...place, stdio: ['ignore', 'ignore', 'pipe'] },
)
const end = (): void => void server.kill('SIGINT')
process.once('SIGTERM', end).once('SIGINT', end)
process.stdin.resume().once('end', end)
server.once('exit', (code) => {
  rmSync(directory, { recursive: true, force: true })
  process.exit(code ?? 1)
})
let said = ''
server.stderr.setEncoding('utf8').on('data', (piece: string) => {
  const was = said.includes('ready to accept connections')
  said += piece
  if (was || !said.includes('ready to accept connections')) return
  console.log(JSON.stringify({ url: `postgres://tally@127.0.0.1:${port}/postgres` }))
})
