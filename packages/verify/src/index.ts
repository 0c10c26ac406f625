/** What an outsider needs to check a Tallystick without trusting it. */
export { concatBytes, equalBytes, fromBase64, toBase64 } from './bytes.ts'
export {
  type Checkpoint,
  formatCheckpoint,
  MalformedCheckpoint,
  parseCheckpoint,
  parseTreeSize,
  TREE_SIZE_MAX,
} from './checkpoint.ts'
export {
  type Cosignature,
  COSIGNATURE_TIMESTAMP_MAX,
  cosignatureMessage,
  decodeCosignature,
  encodeCosignature,
} from './cosignature.ts'
export { type Ed25519Claim, Ed25519Missing, verifyEd25519 } from './ed25519.ts'
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
export {
  assertText,
  formatNote,
  formatSignatureLines,
  MalformedNote,
  NOTE_BYTES_MAX,
  NOTE_SIGNATURES_MAX,
  type NoteSignature,
  parseNote,
  parseSignatureLines,
  type SignedNote,
} from './note.ts'
export {
  CheckpointRefused,
  openCheckpoint,
  type OpenedCheckpoint,
  type TrustPolicy,
} from './open-checkpoint.ts'
export { HASH_SIZE, sha256 } from './sha256.ts'
export {
  equalKeys,
  formatVerifierKey,
  isKeyName,
  MalformedKey,
  parseVerifierKey,
  SignatureType,
  type VerifierKey,
  verifierKey,
} from './verifier-key.ts'
export {
  AmbiguousKeys,
  type NoteVerification,
  type VerifiedSignature,
  verifyNote,
} from './verify-note.ts'
