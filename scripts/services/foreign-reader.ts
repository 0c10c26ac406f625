/**
 * Runs `scripts/foreign-reader`, a reader of tlog-tiles made of other people's Go modules, over a log on the web. Needs Go; the modules come
 * through Go's own client, held to `go.sum`.
 *
 *     TALLY_KEY=KEY node scripts/services/foreign-reader.ts -prefix http://127.0.0.1:7411/v1/log -key VKEY
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('../foreign-reader/', import.meta.url))
const BIN = fileURLToPath(new URL('../../.services/bin/', import.meta.url))
const PROGRAM = join(BIN, 'foreign-reader')

mkdirSync(BIN, { recursive: true })
const built = spawnSync('go', ['build', '-o', PROGRAM, '.'], {
  ...{ cwd: SOURCE, stdio: ['ignore', 2, 2] },
  env: { ...process.env, CGO_ENABLED: '0' },
})
if (built.status === 0) {
  const { status } = spawnSync(PROGRAM, process.argv.slice(2), { stdio: 'inherit' })
  process.exitCode = status ?? 1
} else {
  console.error('the reader could not be built: it needs Go 1.26 or newer')
  process.exitCode = 2
}
