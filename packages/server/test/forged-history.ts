/**
 * Histories as somebody with all files would forge them: decided anew with one thing changed, at the same times, with the same salts and
 * journal id, so that every checksum, link, balance and decision is right. Only the hashes of what is in them can tell.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

import { accountIdOf, type Clock, openLedger } from '@tallystick/engine'
import { Prng } from '@tallystick/testkit'

const START_NS = 1_767_225_600_000_000_000n
const STEP_NS = 1_000_000_000n
const ADDRESSES = ['bank:cash', 'users:1', 'users:2'] as const

/** A payment; who pays whom follows from its number. */
export interface Payment {
  readonly number: number
  readonly amount: bigint
}

/** Amounts of which each occurs once. */
export const TRUE_PAYMENTS: readonly Payment[] = Array.from({ length: 40 }, (_, number) => ({
  number,
  amount: 987_654_000n + BigInt(number),
}))

export const idOf = ({ number }: Pick<Payment, 'number'>): bigint => BigInt(1_000 + number)

/** A data directory with this history and no other files than it needs. */
export async function writeHistory(
  directory: string,
  payments: readonly Payment[],
  seed: number,
): Promise<void> {
  const prng = new Prng(seed)
  let now = START_NS
  const clock: Clock = { now: () => now, monotonic: () => now - START_NS }
  const ledger = await openLedger({
    ...{ directory, clock },
    random: (into) => into.set(Uint8Array.from(into, () => prng.below(256))),
  })
  const accounts = ADDRESSES.map((address) => ({
    ...{ id: accountIdOf(address), address, asset: 978, code: 1 },
  }))
  await ledger.createAccounts(accounts)
  for (const payment of payments) {
    now += STEP_NS
    const [from, to] = [payment.number % 3, (payment.number + 1) % 3]
    await ledger.createTransfers(
      [
        {
          ...{ id: idOf(payment), amount: payment.amount, asset: 978, code: 1 },
          debitAccountId: accountIdOf(ADDRESSES[from] ?? ''),
          creditAccountId: accountIdOf(ADDRESSES[to] ?? ''),
        },
      ],
      { key: `payment-${payment.number}` },
    )
  }
  await ledger.close()
}

const segmentOf = (directory: string): string => join(directory, 'book', '0000000001.book')

/** Changes the amount in one record, and nothing else. */
export function patchAmount(directory: string, from: bigint, to: bigint): void {
  const bytes = readFileSync(segmentOf(directory))
  const [old, fresh] = [Buffer.alloc(8), Buffer.alloc(8)]
  old.writeBigUInt64LE(from)
  fresh.writeBigUInt64LE(to)
  const at = bytes.indexOf(old)
  if (at < 0) throw new Error(`no record has the amount ${from}`)
  fresh.copy(bytes, at)
  writeFileSync(segmentOf(directory), bytes)
}

const SEGMENT_HEADER_BYTES = 4_096
const FRAME_HEADER_BYTES = 48
const FRAME_FLAGS = 28
const BLOCK_BYTES = 4_096
const align8 = (bytes: number): number => Math.ceil(bytes / 8) * 8

/** Gives the newest frame a flag that this version does not know, as a newer program would. */
export function markNewestFrame(directory: string): void {
  const bytes = readFileSync(segmentOf(directory))
  let newest = SEGMENT_HEADER_BYTES
  for (let at = newest; bytes.toString('latin1', at, at + 4) === 'TLF1';) {
    newest = at
    const table = 4 * Math.ceil(align8(bytes.readUInt32LE(at + 12)) / BLOCK_BYTES)
    at += FRAME_HEADER_BYTES + align8(bytes.readUInt32LE(at + 12)) + align8(table)
  }
  bytes.writeUInt32LE(1, newest + FRAME_FLAGS)
  writeFileSync(segmentOf(directory), bytes)
  mendChecksums(directory)
}

/** Makes the checksums of all blocks and frames, and the chain of frames, fit to what lies there (docs/journal.md). */
export function mendChecksums(directory: string): void {
  const bytes = readFileSync(segmentOf(directory))
  let chain = 0
  for (let at = SEGMENT_HEADER_BYTES; bytes.toString('latin1', at, at + 4) === 'TLF1';) {
    const bodyAt = at + FRAME_HEADER_BYTES
    const tableAt = bodyAt + align8(bytes.readUInt32LE(at + 12))
    const blocks = Math.ceil((tableAt - bodyAt) / BLOCK_BYTES)
    for (let block = 0; block < blocks; block++) {
      const from = bodyAt + block * BLOCK_BYTES
      const body = bytes.subarray(from, Math.min(from + BLOCK_BYTES, tableAt))
      bytes.writeUInt32LE(crc32(body), tableAt + 4 * block)
    }
    const end = tableAt + align8(4 * blocks)
    bytes.writeUInt32LE(chain, at + 8)
    chain = crc32(bytes.subarray(tableAt, end), crc32(bytes.subarray(at + 8, bodyAt)))
    bytes.writeUInt32LE(chain, at + 4)
    at = end
  }
  writeFileSync(segmentOf(directory), bytes)
}
