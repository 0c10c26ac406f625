/** The making of proofs: tree, tiles, checkpoints, receipts, witnesses. */
export { addSignatures, cosign, signCheckpoint, signNote } from './note/sign-note.ts'
export { SigningKey } from './note/signing-key.ts'
export {
  CheckpointSigner,
  type ConsistencyProofs,
  firstSignerRecord,
  type SignerOptions,
  type SignOutcome,
} from './signer/checkpoint-signer.ts'
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
