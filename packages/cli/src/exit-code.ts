/** Exit codes of `tally`: what scripts go by. They never change their meaning. */

export const ExitCode = {
  ok: 0,
  /** A rule of the ledger said no, a row was refused, a scenario or a balance came out differently. */
  refused: 1,
  /** The command line, a file or a setting is wrong; nothing was asked of the ledger, or it did not understand. */
  usage: 2,
  /** No answer, not ready, or the key is not valid or not enough. */
  unreachable: 3,
  /** A data directory is damaged, or does not fit together. */
  corrupt: 4,
  /** There is no such account, transfer or hold. */
  notFound: 5,
  /** The command was done, but the server's log contradicts what was seen of it before; or what was to be proved is not. */
  notProved: 6,
  /** A bug in `tally` itself. */
  internal: 70,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]
