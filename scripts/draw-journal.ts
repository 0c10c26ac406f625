/**
 * Draws a small journal byte by byte: `node scripts/draw-journal.ts`. Clock, salts and the journal's id are fixed, so that the
 * drawing is the same everywhere; docs/journal.md shows it, and a test holds it to that.
 */
import { accountIdOf, AccountFlags, openLedger } from '@tallystick/engine'
import { MemoryDisk } from '@tallystick/journal'

import { encodeSegmentHeader } from '../packages/journal/src/segment-header.ts'

const NOW = 1_795_251_600_000_000_000n // 2026-11-21T09:00:00Z
const SEGMENT = 'ledger/book/0000000001.book'
const HEADER = 4_096
const FRAME_HEADER = 48
const EUR = 978

/** The segment of two accounts and one transfer, after closing. */
export async function smallSegment(): Promise<Buffer> {
  const disk = new MemoryDisk()
  const journalId = Buffer.from('journal-of-a-doc')
  disk.place(
    SEGMENT,
    encodeSegmentHeader({ journalId, firstSequence: 1, shard: 0, chain: 0, number: 1 }),
  )
  const ledger = await openLedger({
    ...{ directory: 'ledger', disk, snapshotEveryBytes: 0 },
    clock: { now: () => NOW, monotonic: () => NOW },
    random: (into) => into.forEach((_, index) => (into[index] = 0xa0 + (index % 16))),
  })
  const [shop, wallet] = [accountIdOf('shop'), accountIdOf('wallet')]
  const flags = AccountFlags.debitsMustNotExceedCredits
  await ledger.createAccounts([
    { id: shop, address: 'shop', asset: EUR, code: 2 },
    { id: wallet, address: 'wallet', asset: EUR, code: 1, flags, metadata: utf8('{"a":1}') },
  ])
  await ledger.createTransfers(
    [{ id: 7n, debitAccountId: shop, creditAccountId: wallet, amount: 500n, asset: EUR, code: 10 }],
    { key: 'order-17', principal: 'root' },
  )
  await ledger.close()
  return disk.contents(SEGMENT)
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Lines of offset, bytes and meaning, from the beginning of a segment on. */
class Drawing {
  readonly lines: string[] = []
  readonly #bytes: Buffer
  at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  title(text: string): void {
    this.lines.push('', `— ${text}`)
  }

  /** The next bytes, eight in a line; lines of nothing but zeros after the first are counted only. */
  raw(size: number, meaning: string): void {
    const end = this.at + size
    let note = meaning
    while (this.at < end) {
      const part = this.#bytes.subarray(this.at, Math.min(this.at + 8, end))
      const hex = [...part].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
      this.lines.push(`${offset(this.at)}  ${hex.padEnd(23)}  ${note}`.trimEnd())
      this.at += part.length
      note = ''
    }
  }

  zerosTo(end: number, meaning: string): void {
    if (this.at >= end) return
    const rest = this.#bytes.subarray(this.at, end)
    if (rest.some((byte) => byte !== 0)) throw new Error(`not zero: ${offset(this.at)}`)
    const what = `${offset(this.at)}  00 …`.padEnd(33)
    this.lines.push(`${what}  ${end - this.at} bytes of zeros: ${meaning}`)
    this.at = end
  }

  u8(name: string): number {
    return this.#number(name, 1)
  }
  u16(name: string): number {
    return this.#number(name, 2)
  }
  u32(name: string): number {
    return this.#number(name, 4)
  }
  u64(name: string): bigint {
    const value = this.#bytes.readBigUInt64LE(this.at)
    this.raw(8, `${name} ${value}`)
    return value
  }
  u128(name: string): void {
    const value = this.#bytes.readBigUInt64LE(this.at)
    const high = this.#bytes.readBigUInt64LE(this.at + 8)
    this.raw(16, `${name} ${high === 0n ? String(value) : ''}`.trimEnd())
  }
  text(size: number, name: string): void {
    if (size > 0) this.raw(size, `${name} ${this.#bytes.toString('utf8', this.at, this.at + size)}`)
  }
  crc(name: string): void {
    this.raw(4, `CRC-32 of ${name}`)
  }
  align(): void {
    const end = Math.ceil(this.at / 8) * 8
    if (end > this.at) this.raw(end - this.at, 'padding')
  }
  peekU32(at: number): number {
    return this.#bytes.readUInt32LE(at)
  }

  #number(name: string, size: number): number {
    const value = this.#bytes.readUIntLE(this.at, size)
    this.raw(size, `${name} ${value}`)
    return value
  }
}

const offset = (at: number): string => at.toString(16).padStart(8, '0')

/** The segment as text. */
export function drawSegment(bytes: Buffer): string {
  const draw = new Drawing(bytes)
  draw.title('segment header')
  draw.raw(8, 'TALLYBK1')
  draw.crc('bytes 12 … 4096')
  draw.u32('format version')
  draw.raw(16, 'id of the journal')
  draw.u64('sequence of the first event')
  draw.u32('shard')
  draw.raw(4, 'checksum of the last frame of the segment before: none')
  draw.u64('number of the segment')
  draw.zerosTo(HEADER, 'rest of the header')
  for (let frame = 1; draw.at < bytes.length && draw.peekU32(draw.at) !== 0; frame++) {
    drawFrame(draw, frame)
  }
  return draw.lines.join('\n').trim()
}

function drawFrame(draw: Drawing, number: number): void {
  draw.title(`frame ${number}`)
  const start = draw.at
  draw.raw(4, 'TLF1')
  draw.raw(4, 'checksum of this frame')
  draw.raw(4, 'checksum of the frame before')
  const bodyBytes = draw.u32('length of the body')
  draw.u64('first sequence')
  const events = draw.u32('events')
  draw.u32('flags')
  draw.u64('newest sequence known to be durable')
  draw.raw(8, 'zeros')
  const bodyEnd = start + FRAME_HEADER + Math.ceil(bodyBytes / 8) * 8
  if (bodyBytes > 0) drawBody(draw, events)
  draw.zerosTo(bodyEnd, 'padding')
  if (bodyBytes === 0) return
  draw.title(`block table of frame ${number}`)
  for (let block = 0; block < Math.ceil(bodyBytes / 4_096); block++) draw.crc(`block ${block}`)
  draw.align()
}

function drawBody(draw: Drawing, events: number): void {
  const start = draw.at
  draw.title('body')
  draw.u64('timestamp of the first event, ns')
  draw.raw(32, 'salt of the frame')
  draw.u16('rules version')
  draw.raw(2, 'zeros')
  draw.u32('shard')
  const requests = draw.u32('requests')
  draw.u32('records')
  draw.u32('offset of the first request')
  draw.u32('offset of the table of records')
  for (let record = 0; record < events; record++) drawRecord(draw)
  for (let request = 0; request < requests; request++) drawRequest(draw)
  draw.title('offsets of the records in the body')
  for (let record = 0; record < events; record++) draw.u32(`record ${record}: at`)
  if (draw.at < start) throw new Error('the body ran backwards')
}

function drawRecord(draw: Drawing): void {
  const start = draw.at
  const isTransfer = (draw.peekU32(start) & 0xff) === 1
  draw.title(isTransfer ? 'record of a transfer' : 'record of an account')
  draw.u8('kind')
  draw.u8('status')
  draw.u16('form')
  const end = start + 8 * draw.u16('length, in words of 8 bytes:')
  draw.u16('code')
  draw.u16('flags')
  const metadata = draw.u16('length of the metadata')
  draw.u32('asset')
  draw.u128('id')
  if (isTransfer) drawMoved(draw)
  else drawAccount(draw)
  draw.text(metadata, 'metadata')
  if (draw.at < end) draw.align()
}

function drawMoved(draw: Drawing): void {
  draw.u32('slot of the debit account')
  draw.u32('slot of the credit account')
  draw.u64('amount')
  for (const side of ['debit', 'credit']) {
    draw.u64(`${side} side: number of the entry`)
    draw.u64('  sequence of the entry before')
    draw.u64('  sequence of the jump entry')
    draw.u64('  debits pending, after')
    draw.u64('  debits posted')
    draw.u64('  credits pending')
    draw.u64('  credits posted')
  }
}

function drawAccount(draw: Drawing): void {
  draw.u128('parent')
  draw.u128('limit')
  draw.raw(16, 'subtree limit: all ones, none')
  draw.u32('slot')
  const address = draw.u16('length of the address')
  draw.raw(2, 'zeros')
  draw.u64('repeats the record')
  draw.text(address, 'address')
  draw.align()
}

function drawRequest(draw: Drawing): void {
  draw.title('request')
  const end = draw.at + draw.u32('length')
  draw.u16('operation')
  draw.u16('contract version')
  draw.u32('index of its first event')
  draw.u32('events')
  draw.raw(16, 'request id')
  draw.raw(32, 'SHA-256 of the parsed command')
  draw.u64('received at, ns')
  const [principal, keyId, source] = [
    draw.u16('length: principal'),
    draw.u16('key id'),
    draw.u16('source'),
  ]
  const key = draw.u16('idempotency key')
  const initiator = draw.u16('initiator')
  const lookUps = draw.u16('look-up keys')
  const body = draw.u32('length of the body')
  for (let lookUp = 0; lookUp < lookUps; lookUp++) draw.raw(16, 'look-up key')
  draw.text(principal, 'principal')
  draw.text(keyId + source, 'key id, source')
  draw.text(key, 'idempotency key')
  draw.text(initiator + body, 'initiator, body')
  draw.zerosTo(end, 'padding')
}

if (import.meta.main) console.log(drawSegment(await smallSegment()))
