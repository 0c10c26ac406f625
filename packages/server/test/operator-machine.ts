/**
 * A machine as docs/operations/service.md sets it up, in a scratch directory: its settings and units are taken from that page. `systemctl` and
 * `journalctl` are stand-ins that start and stop the real programs; everything else is what it is.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'

import { here, pageOf, Runbook, type Surroundings } from './runbook.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

const PLACES = [
  '/var/lib/tally',
  '/etc/tally',
  '/mnt/backup',
  '/run/tally',
  '/var/tmp/incident',
  '/opt/tallystick',
]
const BIN = join(ROOT, 'node_modules/.bin')
const COMPILED = join(ROOT, 'node_modules/.cache/rehearsals')

/** As much of systemd as the runbooks need. */
const SYSTEMCTL = `#!/usr/bin/env bash
run=@RUN@
# A service gets nothing of the shell that started it.
unset \${!TALLY_@} \${!TEST_@} NODE_OPTIONS BACKUP
begin() {
  local unit=$1 file=$run/units/$1.service
  rm -f $run/$unit.code
  {
    (
      set -a; . "$(sed -n 's/^EnvironmentFile=//p' $file)"; set +a
      cd "$(sed -n 's/^WorkingDirectory=//p' $file)"
      eval "exec $(sed -n 's/^ExecStart=//p' $file)"
    ) </dev/null >>$run/$unit.log 2>&1 3>&- &
    echo $! >$run/$unit.pid
    wait $!
    echo $? >$run/$unit.code.new
    mv $run/$unit.code.new $run/$unit.code
  } </dev/null >/dev/null 2>&1 &
  until [ -s $run/$unit.pid ]; do sleep 0.02; done
}
end() {
  [ -e $run/$1.pid ] || return 0
  [ -e $run/$1.code ] || kill -TERM $(cat $run/$1.pid)
  until [ -e $run/$1.code ]; do sleep 0.02; done
  rm $run/$1.pid
}
verb=$1; shift; code=0
for unit in "$@"; do
  case $verb in
    start) [ -e $run/$unit.pid ] && [ ! -e $run/$unit.code ] || begin $unit ;;
    stop) end $unit ;;
    restart) end $unit; begin $unit ;;
    is-active)
      if [ -e $run/$unit.pid ] && [ ! -e $run/$unit.code ]; then echo active
      elif [ -e $run/$unit.pid ] && [ "$(cat $run/$unit.code)" != 0 ]; then echo failed; code=3
      else echo inactive; code=3; fi ;;
    *) echo "systemctl: $verb is not rehearsed" >&2; exit 1 ;;
  esac
done
exit $code
`
const JOURNALCTL = `#!/usr/bin/env bash
[ "$1 $3 $4 $5" = "-u -o cat -n" ] || { echo 'journalctl: only -u UNIT -o cat -n LINES is rehearsed' >&2; exit 1; }
tail -n "$6" @RUN@/$2.log
`

export class OperatorMachine {
  readonly path = mkdtempSync(join(tmpdir(), 'tally-machine-'))
  readonly url: string
  readonly #standIns: Readonly<Record<string, string>>

  private constructor(port: number) {
    this.url = `http://127.0.0.1:${port}`
    this.#standIns = {
      ...Object.fromEntries(PLACES.map((place) => [place, this.path + place])),
      '127.0.0.1:7411': `127.0.0.1:${port}`,
    }
  }

  /** Set up, nothing started. Ended and removed with the test. */
  static async make(settings = ''): Promise<OperatorMachine> {
    const machine = new OperatorMachine(await freePort())
    onTestFinished(() => machine.#end())
    const page = pageOf('service')
    const [, env = ''] = /```sh\n(TALLY_DATA[\s\S]*?)```/.exec(page) ?? []
    const state = `TALLY_STATE=${machine.place('/var/tmp/incident/state')}\n`
    machine.write(
      '/etc/tally/tally.env',
      `${machine.#here(env)}TALLY_DATABASE=off\n${state}${settings}`,
    )
    for (const [, name = '', unit = ''] of page.matchAll(
      /system\/([\w-]+)\.service`:\n\n```ini\n([\s\S]*?)```/g,
    )) {
      machine.write(`/run/tally/units/${name}.service`, machine.#here(unit))
    }
    for (const [name, text] of [
      ['systemctl', SYSTEMCTL],
      ['journalctl', JOURNALCTL],
    ] as const) {
      machine.write(`/bin/${name}`, text.replaceAll('@RUN@', machine.place('/run/tally')), 0o755)
    }
    for (const place of ['/var/lib/tally', '/mnt/backup', '/var/tmp/incident']) {
      mkdirSync(machine.place(place), { recursive: true })
    }
    machine.install('/opt/tallystick')
    return machine
  }

  /** Where a place of the pages lies. */
  place(path: string): string {
    return join(this.path, path)
  }

  /** The program, from where it is. */
  install(path: string): void {
    mkdirSync(dirname(this.place(path)), { recursive: true })
    symlinkSync(ROOT, this.place(path))
  }

  write(path: string, text: string, mode = 0o600): void {
    mkdirSync(dirname(this.place(path)), { recursive: true })
    writeFileSync(this.place(path), text, { mode })
    chmodSync(this.place(path), mode)
  }

  runbook(name: string): Runbook {
    return new Runbook({ name, text: pageOf(name) }, this.#surroundings())
  }

  /** Server and backup, the server ready. */
  async start(): Promise<void> {
    await this.type('systemctl start tally && tally status --wait 60')
    await this.type('systemctl start tally-backup')
  }

  /** What `/v1/log` says, once it fits. */
  async logIs(fits: (log: Readonly<Record<string, unknown>>) => boolean): Promise<void> {
    const ask = async (): Promise<boolean> => {
      const headers = { authorization: `Bearer ${this.key}` }
      const response = await fetch(`${this.url}/v1/log`, { headers })
      return fits((await response.json()) as Record<string, unknown>)
    }
    await becomes(ask)
  }

  /** Every event is under a signed checkpoint, which waits for the backup. */
  allSigned(): Promise<void> {
    return this.logIs(({ events, signed }) => events === signed)
  }

  /** Not before the unit has ended. */
  async ended(unit: string): Promise<void> {
    const path = this.place(`/run/tally/${unit}.code`)
    await becomes(() => existsSync(path))
  }

  /** What a test itself types at the machine, in the words of the pages. */
  async type(command: string, expected = '…'): Promise<string> {
    const ready = `PATH=${BIN}:$PATH; set -a; . /etc/tally/tally.env; set +a; ${command}`
    const page = ['# By hand', '```console', `$ ${ready}`, expected, '```', ''].join('\n')
    const book = new Runbook({ name: 'by hand', text: page }, this.#surroundings())
    return book.follow('By hand')
  }

  log(unit = 'tally'): string {
    return readFileSync(this.place(`/run/tally/${unit}.log`), 'utf8')
  }

  kill(unit: string): void {
    process.kill(Number(readFileSync(this.place(`/run/tally/${unit}.pid`), 'utf8')), 'SIGKILL')
  }

  get key(): string {
    return readFileSync(this.place('/etc/tally/keys/root.key'), 'utf8').trim()
  }

  #surroundings(): Surroundings {
    const path = [this.place('/bin'), dirname(process.execPath), process.env['PATH'] ?? '']
    const env = {
      ...{ PATH: path.join(':'), HOME: this.path, LC_ALL: 'C.UTF-8' },
      // A page is a dozen programs, each of which would compile the same sources again.
      NODE_COMPILE_CACHE: COMPILED,
    }
    return { cwd: this.path, env, standIns: this.#standIns }
  }

  #here(text: string): string {
    return here(text, new Map(Object.entries(this.#standIns)))
  }

  #end(): void {
    for (const name of readdirSync(this.place('/run/tally'))) {
      if (!name.endsWith('.pid')) continue
      try {
        this.kill(name.slice(0, -4))
      } catch {
        // It has ended already.
      }
    }
    rmSync(this.path, { recursive: true, force: true })
  }
}

async function becomes(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(isSo, { timeout: 20_000 }).toBe(true)
}

/** One that nobody listens on: the settings have to name it. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
