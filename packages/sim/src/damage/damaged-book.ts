/** A small ledger on a disk in memory with a bit of everything, and all that it shows: what no damage may ever change unnoticed. */
import {
  AccountFlags,
  type DirectoryOptions,
  idempotencyKey,
  openLedger,
  type TallyLedger,
  TransferFlags,
} from '@tallystick/engine'
import { type Disk, MemoryDisk } from '@tallystick/journal'
import type { Prng } from '@tallystick/testkit'

import { VirtualClock } from '../virtual-clock.ts'

export const DATA = 'data'
export const ACCOUNTS = 12
const SMALL_GROUP_BYTES = 24 * 1024
const OPTIONS = {
  directory: DATA,
  snapshotEveryBytes: 40_000,
  sizes: {
    groupBytes: SMALL_GROUP_BYTES,
    segmentBytes: 4_096 + 4 * SMALL_GROUP_BYTES,
    idsPerGeneration: 64,
  },
} satisfies DirectoryOptions

/** How the ledger was left: `closed` with a snapshot at its end, or `killed`. */
export type Ending = 'closed' | 'killed'

export interface DamagedBook {
  /** As it was in the middle of its life. */
  readonly older: MemoryDisk
  readonly disk: MemoryDisk
  readonly truth: string
  readonly names: Names
}

/** What was asked, and is looked up again. */
export interface Names {
  readonly transfers: readonly bigint[]
  readonly keys: readonly string[]
}

export async function makeBook(prng: Prng, ending: Ending): Promise<DamagedBook> {
  const disk = new MemoryDisk()
  const clock = new VirtualClock()
  const ledger = await open(disk, { clock, random: (into) => into.set(bytesOf(prng, into)) })
  const life = new SmallLife(ledger, prng, clock)
  await life.begin()
  await life.live(120)
  const older = disk.clone()
  await life.live(120)
  const truth = portraitOf(ledger, life.names)
  if (ending === 'closed') await ledger.close()
  const left = disk.clone()
  if (ending === 'killed') await ledger.close()
  return { older, disk: left, truth, names: life.names }
}

/** Opens what a disk has, as the next process would. @throws what opening throws. */
export function open(disk: Disk, options: Partial<DirectoryOptions> = {}): Promise<TallyLedger> {
  const quiet = { onNote: (): void => {}, onFatal: (): void => {} }
  return openLedger({ ...OPTIONS, ...quiet, disk, ...options })
}

const bytesOf = (prng: Prng, { length }: Uint8Array): Uint8Array =>
  Uint8Array.from({ length }, () => prng.below(256))

class SmallLife {
  readonly names: { transfers: bigint[]; keys: string[] } = { transfers: [], keys: [] }
  readonly #ledger: TallyLedger
  readonly #prng: Prng
  readonly #clock: VirtualClock
  readonly #holds: bigint[] = []

  constructor(ledger: TallyLedger, prng: Prng, clock: VirtualClock) {
    this.#ledger = ledger
    this.#prng = prng
    this.#clock = clock
  }

  async begin(): Promise<void> {
    const flags = [AccountFlags.none, AccountFlags.debitsMustNotExceedCredits]
    const accounts = Array.from({ length: ACCOUNTS }, (_, index) => ({
      ...{ id: BigInt(index + 1), asset: 978, code: 1, flags: flags[index % 2] ?? 0 },
      metadata: Buffer.from(`account ${index}`),
    }))
    await this.#ledger.createAccounts(accounts, { key: this.#newKey() })
  }

  async live(requests: number): Promise<void> {
    for (let left = requests; left > 0; left--) {
      this.#clock.advance(BigInt(this.#prng.below(1_000_000_000)))
      const count = 1 + this.#prng.below(6)
      const transfers = Array.from({ length: count }, () => this.#transfer())
      await this.#ledger.createTransfers(transfers, { key: this.#newKey() })
    }
  }

  #newKey(): string {
    const key = `key-${this.names.keys.length}`
    this.names.keys.push(key)
    return key
  }

  #transfer() {
    const prng = this.#prng
    const id = (BigInt(prng.u32()) << 64n) | BigInt(this.names.transfers.length + 1)
    this.names.transfers.push(id)
    if (prng.once(5) && this.#holds.length > 0) {
      const pendingId = prng.pick(this.#holds)
      const isVoid = prng.once(3)
      const amount = isVoid ? 0n : (1n << 128n) - 1n
      const flags = isVoid ? TransferFlags.voidPendingTransfer : TransferFlags.postPendingTransfer
      return { id, pendingId, amount, flags }
    }
    const isHold = prng.once(4)
    if (isHold) this.#holds.push(id)
    const debit = 1 + prng.below(ACCOUNTS)
    return {
      ...{ id, debitAccountId: BigInt(debit), creditAccountId: BigInt((debit % ACCOUNTS) + 1) },
      ...{ amount: BigInt(1 + prng.below(1_000)), asset: 978, code: 1 + prng.below(9) },
      ...{ flags: isHold ? TransferFlags.pending : TransferFlags.none },
      metadata: Buffer.from(prng.once(3) ? `note ${prng.u32()}` : ''),
    }
  }
}

/** Every account, entry, transfer and saved request, as text. @throws EngineError where the book cannot serve it. */
export function portraitOf({ reader }: TallyLedger, { transfers, keys }: Names): string {
  const lines: unknown[] = []
  for (let id = 1n; id <= BigInt(ACCOUNTS); id++) {
    lines.push(reader.account(id), reader.entries({ account: id, kind: 'all', limit: 8_000 }))
  }
  for (const id of transfers) lines.push(reader.transfer(id))
  for (const key of keys) {
    const saved = reader.request(idempotencyKey('', key))
    const statuses = Array.from({ length: saved?.count ?? 0 }, (_, index) => saved?.status(index))
    lines.push([key, saved?.envelope, saved?.firstSequence, statuses])
  }
  return lines.map(textOf).join('\n')
}

function textOf(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'bigint') return `${part}n`
      return part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part
    }) ?? 'nothing'
  )
}
