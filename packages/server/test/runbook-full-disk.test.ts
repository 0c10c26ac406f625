import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { fileURLToPath } from 'node:url'
import { diskErrorCode } from '@tallystick/journal'
import { expect, onTestFinished, test } from 'vitest'

import { fillDisk } from './fill-disk.ts'
import { callerOf, openWallet } from './harness.ts'
import { OperatorMachine } from './operator-machine.ts'
import { PayingClient } from './paying-client.ts'
import { unrehearsed, WHOLE_PAGE_MS } from './runbook.ts'

const FAULT_DISK = fileURLToPath(new URL('fault-disk.ts', import.meta.url))
const DISK_BYTES = 320 * 1024 * 1024
const PIECE = Buffer.alloc(64 * 1024)
const DUMP = '/var/lib/tally/old-dump.ndjson.zst'

/** A disk of its own for the data; where nothing may be mounted, the disk that a test makes full for the server's process alone. */
class SmallDisk {
  readonly machine: OperatorMachine
  readonly isMounted: boolean

  constructor(machine: OperatorMachine) {
    this.machine = machine
    const path = machine.place('/var/lib/tally')
    const size = `size=${DISK_BYTES}`
    this.isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', path]).status === 0
    if (this.isMounted) onTestFinished(() => void spawnSync('umount', ['-l', path]))
    console.log(`the disk is ${this.isMounted ? 'a tmpfs that is full' : 'made to look full'}`)
    this.#suffer(false)
  }

  /** Settings of the server, for a disk that only looks full. */
  settings(): string {
    if (this.isMounted) return ''
    return `NODE_OPTIONS=--import=${FAULT_DISK}\nTEST_FAULTS=${this.#faults}\n`
  }

  /** Somebody's old dump takes all that is left. */
  fill(): void {
    const file = openSync(this.machine.place(DUMP), 'w')
    try {
      for (let left = DISK_BYTES; this.isMounted && left > 0; left -= writeSync(file, PIECE));
    } catch (error) {
      if (diskErrorCode(error) !== 'ENOSPC') throw error
    } finally {
      closeSync(file)
    }
    this.#suffer(true)
  }

  /** That it was deleted is room at once, on a disk that is one. */
  heed(): void {
    if (!existsSync(this.machine.place(DUMP))) this.#suffer(false)
  }

  get #faults(): string {
    return this.machine.place('/var/tmp/incident/faults.json')
  }

  #suffer(full: boolean): void {
    writeFileSync(`${this.#faults}.new`, JSON.stringify({ full }))
    renameSync(`${this.#faults}.new`, this.#faults)
  }
}

test(
  'docs/operations/full-disk.md: writes are refused, room is made, it goes on without a restart and with nothing lost; or it moves to a larger disk',
  async () => {
    const machine = await OperatorMachine.make()
    const disk = new SmallDisk(machine)
    await machine.type(`echo '${disk.settings()}' >> /etc/tally/tally.env`, '')
    const client = new PayingClient(machine)
    await machine.start()
    await client.open()
    const call = callerOf(machine.url, machine.key)
    await openWallet(call)
    await client.payUntilOld(20)
    disk.fill()
    expect(await fillDisk(call)).toBe('storage_full')

    const page = machine.runbook('full-disk')
    await page.follow('How it shows')
    const refused = await client.pay()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    await client.holdToAnswers()
    await page.follow('1. See what takes the room')
    await page.follow('2. Make room')
    disk.heed()
    await page.follow('3. See it go on')
    await client.holdToAnswers()
    expect((await client.pay()).status).toBe(201)
    const said = disk.isMounted ? 'the proof log waits: its disk is full' : ''
    expect(machine.log()).toContain(said)
    await machine.allSigned()
    await page.follow('It is over when')

    const larger = machine.place('/var/lib/tally-new')
    mkdirSync(larger)
    onTestFinished(() => rmSync(larger, { recursive: true, force: true }))
    await page.follow('4. Or move to a larger disk')
    await client.holdToAnswers()
    expect((await client.pay()).status).toBe(201)
    expect(unrehearsed('full-disk')).toEqual([])
  },
  WHOLE_PAGE_MS,
)
