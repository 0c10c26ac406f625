/** The `tally` command as a function, for programs that embed it. */
export { ExitCode } from './exit-code.ts'
export { runTally } from './program.ts'
export type { Io } from './shell.ts'
