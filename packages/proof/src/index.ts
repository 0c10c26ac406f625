/** The making of proofs: tree, tiles, checkpoints, receipts, witnesses. */
export { addSignatures, cosign, signCheckpoint, signNote } from './note/sign-note.ts'
export { SigningKey } from './note/signing-key.ts'
export {
  behindSignerRecord,
  CheckpointSigner,
  type ConsistencyProofs,
  firstSignerRecord,
  readSignerRecord,
  resumedSignerRecord,
  type SignerOptions,
  type SignOutcome,
  TreeDamaged,
} from './signer/checkpoint-signer.ts'
export {
  accountLeaf,
  AccountLeaves,
  accountSalt,
  type AccountState,
  accountState,
  type RowLayout,
  type SortedLeaves,
} from './accounts/account-leaves.ts'
export { formatProof } from './format-proof.ts'
export type { TextStore } from './text-store.ts'
export { type HeadRecord, RecordUnreadable, type TreeHead } from './tree-head.ts'
export {
  ADD_CHECKPOINT_BYTES_MAX,
  type AddCheckpoint,
  formatAddCheckpoint,
  parseAddCheckpoint,
  PROOF_LINES_MAX,
} from './witness/add-checkpoint.ts'
export { Witness, type WitnessAnswer, type WitnessOptions } from './witness/witness.ts'
export {
  type BatchHasher,
  createHasher,
  type MessageBatch,
  type NodeBatch,
} from './hash/batch-hasher.ts'
export type { BookBody, CopyAccountId } from './leaves/frame.ts'
export { LeafMaker } from './leaves/leaf-maker.ts'
export { LEAF_BYTES, openLeaf, type OpenedLeaf, openLeaves } from './leaves/open-leaf.ts'
export { encodeEntryBundle } from './tree/entry-bundle.ts'
export { encodeOpeningBundle, type Opening } from './tree/opening-bundle.ts'
export {
  computeProof,
  consistencyProof,
  fetchProof,
  inclusionProof,
  planConsistency,
  planInclusion,
  planRoot,
  type ProofPlan,
  rootFromTiles,
  tileHash,
} from './tree/proofs.ts'
export {
  cachedTiles,
  type RemoteTileSource,
  TileBroken,
  type TileSource,
} from './tree/tile-source.ts'
export {
  HASH_SIZE,
  parseTilePath,
  partialTiles,
  TILE_BYTES,
  TILE_HEIGHT,
  TILE_WIDTH,
  type TileId,
  type TilePath,
  tilePath,
  tileWidth,
} from './tree/tile.ts'
export { type Tile, TiledTree, type TileSink } from './tree/tiled-tree.ts'
