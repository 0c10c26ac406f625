/** What an outsider needs to check a Tallystick without trusting it. */
export { ACCOUNT_PROOF_FORMAT } from './account-proof.ts'
export type { AccountsStatement, AccountState, Balances } from './account-tree.ts'
export { MalformedEvent } from './byte-reader.ts'
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
  type Content,
  decodeContent,
  decodeFacts,
  type Facts,
  type MovedContent,
  type OtherContent,
  type OtherFields,
  type Pending,
  type RefusedContent,
} from './content.ts'
export {
  type Cosignature,
  COSIGNATURE_TIMESTAMP_MAX,
  cosignatureMessage,
  decodeCosignature,
  encodeCosignature,
} from './cosignature.ts'
export { type Ed25519Claim, Ed25519Missing, verifyEd25519 } from './ed25519.ts'
export { type EntryKind, kindOf } from './entry-chain.ts'
export { httpSource } from './http-source.ts'
export { accountIdOf, formatId, formatRequestId } from './ids.ts'
export { decodeLeaf, EventKind, type Leaf, LEAF_SIZE } from './leaf.ts'
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
export { confirmKey, type KeyComparison } from './key-comparison.ts'
export type { OpenedEntry } from './opened-entry.ts'
export type { OpenedRoot } from './opened-root.ts'
export { MalformedPolicy, type PolicyOptions, trustPolicy } from './policy.ts'
export { MalformedProof, parseProofText, type ProofText } from './proof-text.ts'
export { parseReceipt, type Receipt, type SideOpening } from './receipt.ts'
export type { Replayed } from './replay/replay.ts'
export type { AssetTotals } from './replay/trial-balance.ts'
export { reportJson } from './report-json.ts'
export { printable } from './printable.ts'
export { accountText, logText, receiptText, reportText } from './report-text.ts'
export type { Check, Report } from './report.ts'
export { HASH_SIZE, sha256 } from './sha256.ts'
export type { ShownEvent, ShownSide } from './shown-event.ts'
export { type ShownLine, shownLines } from './shown-text.ts'
export { decodeSide, type Entry, type Side } from './side.ts'
export {
  statementHtml,
  type StatementPage,
  StatementRefused,
} from './statement-html/statement-html.ts'
export { sheetOf } from './statement-html/sheet.ts'
export { type PageFault, pageFaults, type PageSeen, type ShownText } from './statement-page.ts'
export {
  ROW_TEXTS,
  type StatementRow,
  statementView,
  type StatementView,
  type VerdictTexts,
  verdictTexts,
} from './statement-view.ts'
export { statusName } from './statuses.ts'
export { TileTree } from './tile-tree.ts'
export {
  readEntryBundle,
  readHashTile,
  SourceUnreadable,
  TILE_WIDTH,
  tilePath,
  type TilePlace,
  TileProblem,
  type TileSource,
  tileWidth,
} from './tiles.ts'
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
export { type AccountReport, type SaidAccount, verifyAccountProof } from './verify-account.ts'
export { type Growth, verifyGrowth } from './verify-growth.ts'
export { type LogOptions, type LogReport, verifyLog } from './verify-log.ts'
export {
  AmbiguousKeys,
  type NoteVerification,
  type VerifiedSignature,
  verifyNote,
} from './verify-note.ts'
export { embeddedProof, verifyStatement } from './verify-statement.ts'
export { type ReceiptReport, verifyReceipt } from './verify-receipt.ts'
