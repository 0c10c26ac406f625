/** The fast ledger as a `StateMachine`: commands packed, records kept in memory and read back as objects. */
import {
  type Asker,
  Ledger,
  Memory,
  Operation,
  packBatch,
  type Recall,
  RECORD_BYTES_MAX,
  RecordCursor,
  RELEASES_PER_BATCH_MAX,
  type Side,
  TransferFlags,
  writeU128,
} from '@tallystick/ledger'
import type {
  AccountView,
  Batch,
  Decision,
  EntryView,
  HoldView,
  StateMachine,
} from './state-machine.ts'

/** Where a record lies. */
interface Place {
  readonly memory: Memory
  readonly offset: number
  readonly timestamp: bigint
  /** Who asked for it; left out: nobody in particular. */
  readonly by?: string
}

/** A book in memory that insists on `load` before `read`, as a real one must. */
export class MemoryBook implements Recall {
  readonly #places: Place[] = []
  readonly #loaded = new Set<number>()

  load(sequence: number): void {
    this.#loaded.add(sequence)
  }

  read(sequence: number, cursor: RecordCursor): void {
    if (!this.#loaded.has(sequence)) throw new Error(`record ${sequence} was not loaded`)
    this.point(sequence, cursor)
  }

  point(sequence: number, cursor: RecordCursor): RecordCursor {
    const place = this.#places[sequence - 1]
    if (place === undefined) throw new Error(`there is no record ${sequence}`)
    return cursor.at(place.memory, place.offset, sequence, place.timestamp)
  }

  byOf(sequence: number): string {
    return this.#places[sequence - 1]?.by ?? ''
  }

  add(place: Place): void {
    this.#places.push(place)
  }

  /** What was loaded for one batch says nothing about the next. */
  forget(): void {
    this.#loaded.clear()
  }

  get length(): number {
    return this.#places.length
  }
}

/** Whether more than a transfer in its order of time: what is counted as plain must not be. */
function isEventful(record: RecordCursor): boolean {
  return record.status !== 0 || !record.moved || record.late('debit') || record.late('credit')
}

function askerOf(by: string): Asker {
  const [principal = '', initiator = ''] = by.split('/')
  return { principal, initiator }
}

export class LedgerMachine implements StateMachine {
  readonly book = new MemoryBook()
  readonly #releasesMax: number
  readonly #cursor = new RecordCursor(Memory.allocate(64))
  readonly #id = Memory.allocate(16)
  #ledger: Ledger

  constructor(options: { releasesPerBatchMax?: number } = {}) {
    this.#releasesMax = options.releasesPerBatchMax ?? RELEASES_PER_BATCH_MAX
    this.#ledger = new Ledger(this.#options())
  }

  #options(): ConstructorParameters<typeof Ledger>[0] {
    return {
      recall: this.book,
      oldIds: { empty: true, largest: -1, transfer: () => 0, touch: () => 0 },
      releasesPerBatchMax: this.#releasesMax,
    }
  }

  /** The ledger that replaying this one's book gives. */
  replayed(): LedgerMachine {
    const other = new LedgerMachine({ releasesPerBatchMax: this.#releasesMax })
    for (let sequence = 1; sequence <= this.book.length; sequence++) {
      const record = this.book.point(sequence, this.#cursor)
      const { memory, offset, timestamp } = record
      const by = this.book.byOf(sequence)
      other.book.add({ memory, offset, timestamp, by })
      other.#ledger.askedBy(askerOf(by))
      other.#ledger.replay(record)
    }
    return other
  }

  /** The ledger that a snapshot of this one gives; `during` runs while the snapshot is being taken. */
  reloaded(during?: () => void): LedgerMachine {
    const other = new LedgerMachine({ releasesPerBatchMax: this.#releasesMax })
    const cut = this.#ledger.beginCut()
    during?.()
    const pages = Array.from({ length: cut.pageCount }, (_, n) => {
      const page = new Uint8Array(65_536)
      cut.read(n, page)
      return page
    })
    cut.end()
    other.#ledger = Ledger.load(other.#options(), cut.head, (n, into) =>
      into.set(pages[n] as Uint8Array),
    )
    for (let sequence = 1; sequence <= cut.sequence; sequence++) {
      const record = this.book.point(sequence, this.#cursor)
      const { memory, offset, timestamp } = record
      other.book.add({ memory, offset, timestamp, by: this.book.byOf(sequence) })
      other.#ledger.replayId(record)
    }
    return other
  }

  apply(batch: Batch): readonly Decision[] {
    const ledger = this.#ledger
    const packed = packBatch(batch.commands)
    const events = batch.commands.length + Math.min(this.#releasesMax, ledger.read.openHoldCount)
    const memory = Memory.allocate(1024 + events * RECORD_BYTES_MAX + packed.dataLength * 2)
    const offsets = new Uint32Array(events)
    this.book.forget()
    if (batch.dryRun === true) return this.#dryRun(batch, memory, offsets)
    const { proposed, withoutReleases = false, by = '' } = batch
    const group = ledger.open({ memory, start: 0, offsets, proposed, withoutReleases })
    ledger.askedBy(askerOf(by))
    ledger.resolve(packed)
    ledger.apply(packed)
    ledger.seal()
    let others = group.count - group.plain
    return Array.from({ length: group.count }, (_, index) => {
      const timestamp = group.firstTimestamp + BigInt(index)
      this.book.add({ memory, offset: group.recordAt(index), timestamp, by })
      const record = this.book.point(group.firstSequence + index, this.#cursor)
      if (isEventful(record) && --others < 0) throw new Error('a plain event is not plain')
      return this.#decision(record)
    })
  }

  /** Without releases: a dry run leaves no event behind, so none may be decided. */
  #dryRun(batch: Batch, memory: Memory, offsets: Uint32Array): readonly Decision[] {
    const ledger = this.#ledger
    const packed = packBatch(batch.commands)
    const target = { memory, start: 0, offsets, proposed: batch.proposed }
    const group = ledger.open({ ...target, withoutReleases: true })
    ledger.askedBy(askerOf(batch.by ?? ''))
    ledger.resolve(packed)
    const { first, count } = ledger.apply(packed, { dryRun: true })
    const decisions = Array.from({ length: count }, (_, index) => {
      const at = group.recordAt(first + index)
      const timestamp = group.firstTimestamp + BigInt(index)
      return this.#decision(this.#cursor.at(memory, at, group.firstSequence + index, timestamp))
    })
    ledger.seal()
    return decisions
  }

  #decision(record: RecordCursor): Decision {
    const { refusal } = record
    return {
      operation: record.kind as Operation,
      status: record.status,
      sequence: BigInt(record.sequence),
      timestamp: record.timestamp,
      id: record.id,
      amount: record.moved ? record.amount : 0n,
      refusal: refusal && {
        account: refusal.account,
        needed: refusal.needed,
        available: refusal.available,
        limit: refusal.limit,
      },
    }
  }

  account(id: bigint): AccountView | undefined {
    const { read } = this.#ledger
    const slot = read.findAccount(id)
    if (slot < 0) return undefined
    const account = read.account(slot)
    return {
      id,
      address: account.address,
      asset: account.asset,
      code: account.code,
      flags: account.flags,
      parent: account.parentSlot < 0 ? 0n : read.accountId(account.parentSlot),
      limit: account.limit,
      subtreeLimit: account.subtreeLimit,
      metadata: account.metadata,
      timestamp: account.timestamp,
      entryCount: account.entryCount,
      debitsPending: account.debitsPending,
      debitsPosted: account.debitsPosted,
      creditsPending: account.creditsPending,
      creditsPosted: account.creditsPosted,
      subtree: account.subtree,
    }
  }

  readonly #read = (sequence: number, cursor: RecordCursor): void => {
    this.book.point(sequence, cursor)
  }

  #find(id: bigint): number {
    writeU128(this.#id, 0, id)
    return this.#ledger.findTransfer(this.#id, 0, this.#read)
  }

  hold(id: bigint): HoldView | undefined {
    const sequence = this.#find(id)
    if (sequence <= 0) return undefined
    const record = this.book.point(sequence, this.#cursor)
    if ((record.flags & TransferFlags.pending) === 0) return undefined
    const { amount, timestamp, timeout } = record
    const deadline = timeout === 0 ? 0n : timestamp + BigInt(timeout) * 1_000_000_000n
    const open = this.#ledger.read.openHold(sequence)
    if (open !== undefined) {
      const { captured, remaining } = open
      return { id, status: 'pending', amount, captured, remaining, deadline }
    }
    const touch = this.book.point(this.#ledger.touchOf(sequence), this.#cursor)
    const captured = touch.capturedAfter
    return { id, status: endOf(touch), amount, captured, remaining: 0n, deadline }
  }

  reversed(id: bigint): bigint {
    const sequence = this.#find(id)
    if (sequence <= 0) return 0n
    const record = this.book.point(sequence, this.#cursor)
    if ((record.flags & TransferFlags.pending) !== 0) return 0n
    const touch = this.#ledger.touchOf(sequence)
    return touch === 0 ? 0n : this.book.point(touch, this.#cursor).capturedAfter
  }

  entries(id: bigint): readonly EntryView[] {
    const { read } = this.#ledger
    const slot = read.findAccount(id)
    const entries: EntryView[] = []
    if (slot < 0) return entries
    for (let sequence = read.newestSequence(slot); sequence !== 0;) {
      const record = this.book.point(sequence, this.#cursor)
      const side = record.side(record.debitSlot === slot ? 'debit' : 'credit')
      entries.push(entryOf(sequence, side))
      sequence = side.previous
    }
    return entries.reverse()
  }

  accountIds(): readonly bigint[] {
    const { read } = this.#ledger
    return Array.from({ length: read.accountCount }, (_, slot) => read.accountId(slot))
  }

  nextDeadline(): bigint | undefined {
    return this.#ledger.nextDeadline()
  }
  lastTimestamp(): bigint {
    return this.#ledger.lastTimestamp
  }
  lastSequence(): bigint {
    return BigInt(this.#ledger.lastSequence)
  }
  contentBytes(): Uint8Array {
    return joined(this.#ledger.read.contentBytes())
  }
  stateBytes(): Uint8Array {
    return joined(this.#ledger.read.stateBytes())
  }
}

function endOf(touch: RecordCursor): 'captured' | 'voided' | 'expired' {
  if (touch.kind === Operation.releaseHold) return 'expired'
  return (touch.flags & TransferFlags.postPendingTransfer) === 0 ? 'voided' : 'captured'
}

function entryOf(sequence: number, side: Side): EntryView {
  return {
    number: side.number,
    sequence: BigInt(sequence),
    previous: BigInt(side.previous),
    jump: BigInt(side.jump),
    debitsPending: side.debitsPending,
    debitsPosted: side.debitsPosted,
    creditsPending: side.creditsPending,
    creditsPosted: side.creditsPosted,
  }
}

function joined(pieces: Iterable<Uint8Array>): Uint8Array {
  const all = [...pieces]
  const bytes = new Uint8Array(all.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of all) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
