/**
 * Debian's RabbitMQ for tests and trials: a node of its own with an epmd of its own, both on free ports of this machine and ended by their
 * pids. What is missing is installed when we are root. Killed and started again over the same directory and port it has what it had.
 *
 *     node scripts/services/rabbitmq.ts [DIRECTORY [PORT]]     prints one line of JSON: url, pid, port; ends with its standard input
 *
 * Where there is none and it cannot be installed, the line says `missing` and why.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { freePort } from './free-port.ts'

const PROGRAMS = '/usr/lib/rabbitmq/lib'
const LOCK_SECONDS_MAX = 300
const READY_MS_MAX = 60_000

/** Runs to its end; what it says goes to standard error. */
function run(command: string, args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(command, args, { env, stdio: ['ignore', 2, 2] }).status === 0
}

/** undefined: it is there. */
function install(): string | undefined {
  if (existsSync(PROGRAMS)) return undefined
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return 'there is no RabbitMQ here, and only root on Debian can install one'
  }
  const wait = ['-o', `DPkg::Lock::Timeout=${LOCK_SECONDS_MAX}`]
  run('apt-get', ['update', '-qq'])
  const args = ['install', '-y', '-qq', '--no-install-recommends', 'rabbitmq-server']
  return run('apt-get', [...wait, ...args]) ? undefined : 'RabbitMQ could not be installed'
}

interface Ports {
  readonly amqp: number
  readonly distribution: number
  readonly epmd: number
}

/** Debian's own wrapper insists on its user and on /etc: the programs below it do not. */
function environment(directory: string, ports: Ports): Record<string, string> {
  const at = (name: string): string => join(directory, name)
  return {
    ...{ PATH: process.env['PATH'] ?? '', HOME: directory, LANG: 'C.UTF-8' },
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_AFLAGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    // Then the Erlang machine takes the place of the shell, and its pid is the child's.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_NODENAME: `t${ports.amqp}@localhost`,
    RABBITMQ_NODE_PORT: String(ports.amqp),
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_CONF_ENV_FILE: at('env.conf'),
    RABBITMQ_MNESIA_BASE: at('mnesia'),
    RABBITMQ_LOG_BASE: at('log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: at('pid'),
    RABBITMQ_ENABLED_PLUGINS_FILE: at('plugins'),
    RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: at('advanced.config'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none',
  }
}

function prepare(directory: string): void {
  for (const name of ['mnesia', 'log']) mkdirSync(join(directory, name), { recursive: true })
  writeFileSync(join(directory, 'env.conf'), '')
  writeFileSync(join(directory, 'plugins'), '[].')
  const settings = ['log.console.level = info', 'vm_memory_high_watermark.absolute = 512MB']
  writeFileSync(
    join(directory, 'rabbitmq.conf'),
    `${settings.join('\n')}\ndisk_free_limit.absolute = 50MB\n`,
  )
}

function started(server: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let said = ''
  const late = setTimeout(() => reject(new Error(`RabbitMQ is not ready:\n${said}`)), READY_MS_MAX)
  server.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    if (said.includes('Server startup complete')) return
    said += piece
    if (said.includes('Server startup complete')) resolve()
  })
  server.once('exit', () => reject(new Error(`RabbitMQ ended:\n${said}`)))
  return promise.finally(() => clearTimeout(late))
}

async function serve(given: string | undefined, port: number): Promise<void> {
  const directory = given ?? mkdtempSync(join(tmpdir(), 'tally-rabbitmq-'))
  prepare(directory)
  const ports = { amqp: port, distribution: await freePort(), epmd: await freePort() }
  const env = environment(directory, ports)
  const epmd = spawn('epmd', ['-port', `${ports.epmd}`, '-address', '127.0.0.1'], {
    ...{ env, stdio: ['ignore', 'ignore', 2] },
  })
  const [version = ''] = readdirSync(PROGRAMS)
  const program = join(PROGRAMS, version, 'sbin/rabbitmq-server')
  const server = spawn(program, [], { env, cwd: directory, stdio: ['ignore', 'pipe', 2] })
  const end = (): void => void server.kill('SIGTERM')
  process.once('SIGTERM', end).once('SIGINT', end)
  process.stdin.resume().once('end', end)
  server.once('exit', (code) => {
    epmd.kill('SIGKILL')
    if (given === undefined) rmSync(directory, { recursive: true, force: true })
    process.exit(code ?? 1)
  })
  await started(server)
  const url = `amqp://guest:guest@127.0.0.1:${port}`
  console.log(JSON.stringify({ url, pid: server.pid, port }))
}

const missing = install()
const [directory, port] = process.argv.slice(2)
if (missing === undefined)
  await serve(directory, port === undefined ? await freePort() : Number(port))
else console.log(JSON.stringify({ missing }))
