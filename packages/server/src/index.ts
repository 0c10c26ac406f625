/** The running service. */
export { helpText } from './start/help.ts'
export { type Log, openLog, silentLog } from './start/log.ts'
export { runServer } from './start/run.ts'
export { parseListen, StartRefused } from './start/setting.ts'
export { type RunningServer, type ServerOptions, startServer } from './start-server.ts'
export { VERSION } from './version.ts'
export { type ForkOptions, type ForkReport, forkLog } from './trust/fork-log.ts'
export { openBackupKey } from './trust/backup-key.ts'
export { readKeptCheckpoint } from './trust/kept-checkpoint.ts'
export {
  addLogKey,
  type LogSigner,
  type LogSignerOptions,
  openLogSigner,
} from './trust/log-signer.ts'
export { type ResumeOptions, type ResumeReport, resumeLog } from './trust/resume-log.ts'
export { type RotateOptions, type RotateReport, rotateLogKey } from './trust/rotate-key.ts'
export {
  type Cosigned,
  type CosigningRun,
  type WitnessAddress,
  type WitnessAlarm,
  WitnessClient,
  type WitnessClientOptions,
  type WitnessState,
} from './trust/witness-client.ts'
export {
  type RunningWitness,
  startWitness,
  type WitnessServerOptions,
} from './trust/witness-server.ts'
