/** Exit codes of `tally-verify`: what scripts go by. They never change their meaning. */

export const ExitCode = {
  /** Everything that the command claims is proved. */
  proved: 0,
  /** Something is wrong, missing, or could not be read: nothing may be believed because of it. */
  notProved: 1,
  /** The command line, a key or a file name is wrong; nothing was checked. */
  usedWrongly: 2,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** The command cannot be meant; the message says why. */
export class UsedWrongly extends Error {
  override readonly name = 'UsedWrongly'
}
