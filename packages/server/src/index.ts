/** The running service. */
export { helpText } from './start/help.ts'
export { type Log, openLog, silentLog } from './start/log.ts'
export { runServer } from './start/run.ts'
export { StartRefused } from './start/setting.ts'
export { type RunningServer, type ServerOptions, startServer } from './start-server.ts'
export { VERSION } from './version.ts'
