/**
 * A real S3-compatible store for tests and trials, on a free port of this machine: versitygw over a directory where Go is there to
 * build it, else s3rver from npm. What is missing is installed under `.services`, once.
 *
 *     node scripts/services/s3.ts [DIRECTORY]     prints one line of JSON: endpoint, accessKey, secretKey; ends with its standard input
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { freePort } from './free-port.ts'

const SERVICES = fileURLToPath(new URL('../../.services/', import.meta.url))
const VERSITYGW = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0'
const S3RVER = 's3rver@3.7.1'
const KEYS = { accessKey: 'S3RVER', secretKey: 'S3RVER' }
const READY_MS_MAX = 20_000

/** Runs to its end; what it says goes to standard error. */
function run(command: string, args: readonly string[], env: Record<string, string> = {}): boolean {
  const options = { env: { ...process.env, ...env }, stdio: ['ignore', 2, 2] as const }
  return spawnSync(command, args, { ...options, stdio: [...options.stdio] }).status === 0
}

/** Path of versitygw, built if need be; undefined where there is no Go. */
function versitygw(): string | undefined {
  const bin = join(SERVICES, 'bin')
  const path = join(bin, 'versitygw')
  const env = { GOBIN: bin, CGO_ENABLED: '0' }
  return existsSync(path) || run('go', ['install', '-ldflags=-s -w', VERSITYGW], env)
    ? path
    : undefined
}

function s3rver(): string {
  const directory = join(SERVICES, 's3rver')
  const path = join(directory, 'node_modules/s3rver/bin/s3rver.js')
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefix', directory]
  if (existsSync(path) || run('npm', ['install', ...options, S3RVER])) return path
  throw new Error('neither versitygw nor s3rver could be installed')
}

function start(data: string, port: number): ChildProcess {
  const binary = versitygw()
  const output = ['ignore', 2, 2] as ['ignore', number, number]
  if (binary === undefined) {
    const args = [s3rver(), '-d', data, '-p', `${port}`, '-a', '127.0.0.1', '-s']
    return spawn(process.execPath, args, { stdio: output })
  }
  const env = {
    ...process.env,
    ROOT_ACCESS_KEY: KEYS.accessKey,
    ROOT_SECRET_KEY: KEYS.secretKey,
  }
  return spawn(binary, ['--quiet', '--port', `127.0.0.1:${port}`, 'posix', data], {
    ...{ env, stdio: output },
  })
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function ready(port: number): Promise<void> {
  const until = performance.now() + READY_MS_MAX
  while (!(await answers(port))) {
    if (performance.now() > until) throw new Error('the store does not answer')
    await sleep(50)
  }
}

mkdirSync(SERVICES, { recursive: true })
const [given] = process.argv.slice(2)
const data = given ?? mkdtempSync(join(tmpdir(), 'tally-s3-'))
mkdirSync(data, { recursive: true })
const port = await freePort()
const store = start(data, port)
const end = (): void => {
  store.kill('SIGTERM')
  if (given === undefined) rmSync(data, { recursive: true, force: true })
  process.exit()
}
process.once('SIGTERM', end).once('SIGINT', end)
process.stdin.resume().once('end', end)
store.once('exit', (code) => process.exit(code ?? 1))
await ready(port)
console.log(JSON.stringify({ endpoint: `http://127.0.0.1:${port}`, ...KEYS }))
