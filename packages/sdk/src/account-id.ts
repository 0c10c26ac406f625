/** The id that an account has by its address, for packed batches. */
import { accountIdInput } from '@tallystick/contract'
import { sha256 } from '@tallystick/verify'

/** Addresses whose ids are remembered; a batch often names the same ones. */
const REMEMBERED_MAX = 65_536

const ids = new Map<string, bigint>()
const encoder = new TextEncoder()

/** @param address whole, like `world:EUR-2`; `world` alone is another account. */
export function accountId(address: string): bigint {
  let id = ids.get(address)
  if (id === undefined) {
    const digest = sha256(encoder.encode(accountIdInput(address)))
    const view = new DataView(digest.buffer, digest.byteOffset)
    id = (view.getBigUint64(8, true) << 64n) | view.getBigUint64(0, true)
    if (ids.size >= REMEMBERED_MAX) ids.clear()
    ids.set(address, id)
  }
  return id
}
