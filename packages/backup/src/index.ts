/** Copies of a ledger: backups while writes go on, restoring them with proof, and the dump that needs no format of ours. */
export { backUp, followBackup } from './back-up.ts'
export type { BackupOptions, BackupProgress, BackupReport } from './back-up.ts'
export type { Checkpoints } from './checkpoints.ts'
export { BackupDamaged, BackupRefused, StoreFailed } from './errors.ts'
export type { RestorePoint } from './cut-book.ts'
export type { CheckSignature, Manifest, ProvedState, Sign } from './manifest.ts'
export { manifestCheck, manifestSigner } from './manifest-signature.ts'
export { dump } from './dump/dump.ts'
export type { DumpOptions, DumpReport } from './dump/dump.ts'
export { load } from './dump/load.ts'
export type { LoadOptions } from './dump/load.ts'
export { holdToLog } from './held-to-log.ts'
export type { HeldOptions, LogComparison, LogVerdict } from './held-to-log.ts'
export { compare } from './judge.ts'
export type { CompareOptions, Comparison, Judgement, Verdict } from './judge.ts'
export { repair } from './repair.ts'
export type { RepairOptions, RepairReport } from './repair.ts'
export { openSource } from './source.ts'
export type { Source } from './source.ts'
export { openStore } from './open-store.ts'
export type { ShippedEvents } from './shipper.ts'
export { restore } from './restore.ts'
export type {
  RestoreOptions,
  RestoredCheckpoint,
  RestoreProgress,
  RestoreReport,
} from './restore.ts'
export type { BackupStore, StoredObject } from './store.ts'
