/** What an outsider needs to check a Tallystick without trusting it. */
export { concatBytes, equalBytes, fromBase64, toBase64 } from './bytes.ts'
export {
  type Consistency,
  GrowingTree,
  type Inclusion,
  leafHash,
  nodeHash,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'
export { HASH_SIZE, sha256 } from './sha256.ts'
