/** The engine: the loop that orders, applies, journals and answers; and the library that embeds a ledger. */
export { DirectoryLocked, JournalCorrupt, JournalRefused } from '@tallystick/journal'
export {
  AccountFlags,
  AccountStatus,
  AssetStatus,
  BooksStatus,
  ClosureStatus,
  LimitStatus,
  MalformedCommand,
  MetadataStatus,
  NO_SUBTREE_LIMIT,
  Operation,
  TransferFlags,
  TransferStatus,
} from '@tallystick/ledger'
export type { Command, PackedBatch } from '@tallystick/ledger'
export type { BookBody } from './book-body.ts'
export { systemClock } from './clock.ts'
export type { Clock } from './clock.ts'
export { EngineError } from './errors.ts'
export type { EngineErrorCode } from './errors.ts'
export { BookExport } from './exchange/book-export.ts'
export type {
  BookExportOptions,
  BookPart,
  ExportedEvent,
  ExportedGroup,
  ExportedRequest,
} from './exchange/book-export.ts'
export { BookFollower } from './exchange/book-follower.ts'
export type { BookFollowerOptions } from './exchange/book-follower.ts'
export { BookImport } from './exchange/book-import.ts'
export type { BookImportOptions, ImportedRequest } from './exchange/book-import.ts'
export { AccountFilterFlags, QueryFilterFlags } from './filters.ts'
export type {
  AccountFilter,
  AccountList,
  AccountsFilter,
  EntryFilter,
  EntryList,
  QueryFilter,
  RequestList,
  RequestsFilter,
  TotalsFilter,
} from './filters.ts'
export {
  accountIdOf,
  digestOf,
  idempotencyKey,
  referenceKey,
  requestKey,
  transactionKey,
} from './look-up.ts'
export { openLedger } from './open.ts'
export type { DirectoryOptions, MemoryOptions, OpenOptions, OpenProgress } from './open.ts'
export type { Outcome } from './outcome.ts'
export type { AccountTree } from './proofs/account-trees.ts'
export type { AccountsRoot } from './proofs/accounts-root.ts'
export type { Attested } from './proofs/attesting.ts'
export { AccountTreeDamaged, SoundAccounts } from './proofs/sound-accounts.ts'
export type { ProofHead, ProofLog } from './proofs/proof-log.ts'
export { type LogFilesReport, writeLogFiles } from './proofs/log-files.ts'
export { rootAt, rootsOfBook } from './proofs/root-at.ts'
export { SoundTree } from './proofs/sound-tree.ts'
export type { RootsOptions } from './proofs/root-at.ts'
export type { AssetView, LedgerReader, TotalsView } from './reader.ts'
export type { Envelope, Lane, LedgerRequest, LookUpKey } from './request.ts'
export { bookDirectory } from './recovery.ts'
export { savedRequests } from './saved-request.ts'
export { stepBack } from './step-back.ts'
export type { RequestHead, SavedRequest } from './saved-request.ts'
export type {
  CallOptions,
  EventResult,
  LedgerMetrics,
  LedgerState,
  NewAccount,
  NewTransfer,
  TallyLedger,
} from './tally-ledger.ts'
export type { Problem, ProblemKind, TrialBalance, VerifyReport } from './verify/report.ts'
export { stateAt } from './verify/state-at.ts'
export type { StateAtOptions, StateHashes } from './verify/state-at.ts'
export { verifyLedger } from './verify/verify.ts'
export type { VerifyOptions } from './verify/verify.ts'
export type {
  AccountBalance,
  AccountView,
  EntryView,
  EventView,
  LaterEvent,
  LaterEventList,
  RefusalView,
  TransferState,
  TransferView,
} from './views.ts'
