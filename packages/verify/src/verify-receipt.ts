/** The whole check of a receipt, without a network: signatures, inclusion, and every part that it opens. */
import type { Checkpoint } from './checkpoint.ts'
import { describeEvent, hiddenParts, type ShownEvent } from './shown-event.ts'
import { leafHash, verifyInclusion } from './merkle.ts'
import type { TrustPolicy } from './open-checkpoint.ts'
import { openEvent, readLeaf } from './opened-event.ts'
import { MalformedProof } from './proof-text.ts'
import { parseReceipt, type Receipt } from './receipt.ts'
import { checkCheckpoint, Checklist, counted, grouped, type Report } from './report.ts'

export interface ReceiptReport extends Report {
  /** What the receipt proves. Absent unless every check holds: until then it proves nothing. */
  readonly shown?: ShownEvent
  /** What the receipt leaves closed, in words. */
  readonly hidden: readonly string[]
}

/**
 * Checks, in this order: `format`, `checkpoint`, `leaf`, `inclusion`, then for what is opened `content`, `metadata`, `debit`,
 * `credit`, `address`, `facts`, `sides`.
 * @throws AmbiguousKeys, Ed25519Missing: then nothing can be said
 */
export async function verifyReceipt(text: string, policy: TrustPolicy): Promise<ReceiptReport> {
  const list = new Checklist()
  const receipt = readReceipt(list, text)
  if (receipt === undefined) return { proved: false, checks: list.checks, hidden: [] }
  const checkpoint = await checkCheckpoint(list, receipt.proof.checkpoint, {
    name: 'checkpoint',
    what: 'The checkpoint',
    policy,
  })
  const leaf = readLeaf(list, receipt.leaf, receipt.proof.index)
  if (checkpoint !== undefined) checkInclusion(list, receipt, checkpoint)
  const event = leaf && openEvent(list, receipt, leaf)
  const hidden = event === undefined ? [] : hiddenParts(event)
  const { proved, checks } = list
  if (!proved || event === undefined || checkpoint === undefined) {
    return { proved: false, checks, hidden }
  }
  return { proved, checks, shown: describeEvent(event, checkpoint), hidden }
}

function readReceipt(list: Checklist, text: string): Receipt | undefined {
  try {
    const receipt = parseReceipt(text)
    list.pass('format', 'The text is a receipt.')
    return receipt
  } catch (error) {
    if (!(error instanceof MalformedProof)) throw error
    list.fail('format', `${error.message}.`)
    return undefined
  }
}

function checkInclusion(list: Checklist, { leaf, proof }: Receipt, checkpoint: Checkpoint): void {
  const { size, root } = checkpoint
  const { index } = proof
  if (index >= size) {
    const place = `The proof is of event ${grouped(index + 1n)}`
    list.fail('inclusion', `${place}, but the checkpoint is of ${counted(size)}.`)
    return
  }
  const claim = { index, size, leaf: leafHash(leaf), proof: proof.proof, root }
  const [hashes, needed] = [proof.proof.length, hashesNeeded(index, size)]
  list.check('inclusion', verifyInclusion(claim), {
    right: `The leaf is event ${grouped(index + 1n)} of the ${grouped(size)} under the checkpoint's root.`,
    wrong:
      hashes === needed
        ? `The ${hashes} hashes of the proof do not lead from the leaf, as event ${grouped(index + 1n)}, to the checkpoint's root: leaf, place, proof or checkpoint is another's.`
        : `The proof has ${hashes} hashes, but event ${grouped(index + 1n)} of ${grouped(size)} needs ${needed}.`,
  })
}

/** How many siblings the way from a leaf to the root has. */
function hashesNeeded(index: bigint, size: bigint): number {
  let needed = 0
  for (let node = index, last = size - 1n; last > 0n; node >>= 1n, last >>= 1n) {
    if ((node & 1n) === 1n || node < last) needed++
  }
  return needed
}
