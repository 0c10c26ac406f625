/** Entry bundles (C2SP tlog-tiles): the leaves whose hashes a tile of level 0 has. */

const LENGTH_BYTES = 2
const LEAF_BYTES_MAX = 0xffff

/** @param leaves at most 65,535 bytes each. @returns each behind its length, u16 big-endian. @throws RangeError */
export function encodeEntryBundle(leaves: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = leaves.reduce((sum, leaf) => sum + LENGTH_BYTES + leaf.length, 0)
  const bundle = new Uint8Array(length)
  let at = 0
  for (const leaf of leaves) {
    if (leaf.length > LEAF_BYTES_MAX) {
      throw new RangeError(`An entry has 65,535 bytes at most, not ${leaf.length}.`)
    }
    bundle[at] = leaf.length >>> 8
    bundle[at + 1] = leaf.length & 0xff
    bundle.set(leaf, at + LENGTH_BYTES)
    at += LENGTH_BYTES + leaf.length
  }
  return bundle
}
