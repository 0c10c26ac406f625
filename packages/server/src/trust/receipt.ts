/** Receipts: a C2SP tlog-proof whose extra data opens the leaf (docs/decisions/0013-the-proof-log.md, "Receipts"). */
import type { SoundTree } from '@tallystick/engine'
import { formatProof, type OpenedLeaf } from '@tallystick/proof'
import { leafHash, toBase64 } from '@tallystick/verify'

import type { PublicCheckpoint } from './trust-log.ts'

/** Sides are shown with their address; what is left out stays closed. */
export interface ShownParts {
  readonly debit?: string | undefined
  readonly credit?: string | undefined
}

/** @throws TreeDamaged when the tree does not hold: then nothing is given out. */
export function receiptText(
  tree: SoundTree,
  checkpoint: PublicCheckpoint,
  event: { readonly sequence: number; readonly parts: OpenedLeaf; readonly shown: ShownParts },
): string {
  const { note, root } = checkpoint
  const index = BigInt(event.sequence) - 1n
  const size = BigInt(checkpoint.size)
  const proof = tree.inclusion(index, leafHash(event.parts.leaf), { size, root })
  const extra = Buffer.from(JSON.stringify(openings(event.parts, event.shown)))
  return formatProof({ extra, index, proof, checkpoint: note })
}

function openings(parts: OpenedLeaf, { debit, credit }: ShownParts): object {
  return {
    format: 'tallystick/receipt/v1',
    ...given('leaf', parts.leaf),
    ...given('content', parts.content),
    ...given('metadata', parts.metadata),
    ...side('debit', parts.debit, debit),
    ...side('credit', parts.credit, credit),
    ...given('facts', parts.facts),
  }
}

/** @param address '' of an account that has none; undefined: the side stays closed. */
function side(name: string, preimage: Uint8Array | undefined, address: string | undefined): object {
  if (preimage === undefined || address === undefined) return {}
  const named = address === '' ? {} : { address }
  return { [name]: { preimage: toBase64(preimage), ...named } }
}

function given(name: string, bytes: Uint8Array | undefined): object {
  return bytes === undefined ? {} : { [name]: toBase64(bytes) }
}
