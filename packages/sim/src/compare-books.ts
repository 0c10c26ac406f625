/** Holds what the engine shows to what the model says: hashes, accounts, transfers, sums. */
import { createHash } from 'node:crypto'

import type { TallyLedger } from '@tallystick/engine'
import type { Prng } from '@tallystick/testkit'

import type { Auditor } from './auditor.ts'
import { same } from './violation.ts'

const BALANCES = ['debitsPending', 'debitsPosted', 'creditsPending', 'creditsPosted'] as const
/** Transfers that are looked at in one comparison. */
const TRANSFERS_MAX = 60

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Both hashes. The engine must be at rest, and the model where the engine is. @throws Violation */
export function compareHashes(seen: { content: string; state: string }, auditor: Auditor): void {
  same('content hash, as the model has it', seen.content, sha256(auditor.model.contentBytes()))
  same('state hash, as the model has it', seen.state, sha256(auditor.model.stateBytes()))
}

/** Every account, and some transfers. @throws Violation */
export function compareViews({ reader }: TallyLedger, auditor: Auditor, prng: Prng): void {
  const { model } = auditor
  const ids = model.accountIds()
  same('number of accounts', reader.accountCount, ids.length)
  const sums = new Map<number, bigint[]>()
  for (const id of ids) {
    const account = reader.account(id)
    const expected = model.account(id)
    for (const name of [...BALANCES, 'limit', 'subtreeLimit', 'flags', 'entryCount'] as const) {
      same(`${name} of account ${id}`, account?.[name], expected?.[name])
    }
    if (account === undefined) continue
    const sum = sums.get(account.asset) ?? [0n, 0n]
    const posted = (sum[0] ?? 0n) + account.debitsPosted - account.creditsPosted
    sums.set(account.asset, [
      posted,
      (sum[1] ?? 0n) + account.debitsPending - account.creditsPending,
    ])
  }
  for (const [asset, [posted, pending]] of sums) {
    same(`debits less credits posted of asset ${asset}`, posted, 0n)
    same(`debits less credits pending of asset ${asset}`, pending, 0n)
  }
  const { transfers } = auditor.issued
  for (let left = Math.min(TRANSFERS_MAX, transfers.length); left > 0; left--) {
    compareTransfer(reader, auditor, prng.pick(transfers).id)
  }
}

function compareTransfer(reader: TallyLedger['reader'], auditor: Auditor, id: bigint): void {
  const { model, created } = auditor
  const transfer = reader.transfer(id)
  same(`sequence of transfer ${id}`, transfer?.sequence, created.get(id))
  if (transfer === undefined) return
  const hold = model.hold(id)
  if (hold === undefined) return same(`reversed of ${id}`, transfer.reversed, model.reversed(id))
  same(`state of hold ${id}`, transfer.state, hold.status)
  same(`captured of hold ${id}`, transfer.captured, hold.captured)
  same(`remaining of hold ${id}`, transfer.remaining, hold.remaining)
}

/** The newest entries of an account, down to the first that both have. @throws Violation */
export function compareEntries({ reader }: TallyLedger, auditor: Auditor, prng: Prng): void {
  const ids = auditor.model.accountIds()
  if (ids.length === 0) return
  const account = prng.pick(ids)
  const limit = 1 + prng.below(40)
  const { entries } = reader.entries({ account, kind: 'all', limit })
  const expected = auditor.model.entries(account).slice(-limit).reverse()
  same(`entries of account ${account}`, entries.length, expected.length)
  for (const [index, entry] of entries.entries()) {
    same(`number of an entry of ${account}`, BigInt(entry.number), expected[index]?.number)
    same(`sequence of an entry of ${account}`, BigInt(entry.sequence), expected[index]?.sequence)
    for (const name of BALANCES) {
      same(`${name} after an entry of ${account}`, entry.balances[name], expected[index]?.[name])
    }
  }
}
