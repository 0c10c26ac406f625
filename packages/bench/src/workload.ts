/** What a workload is: a name, what it is about, and how its rows come about. */
import type { Row } from './report/row.ts'

export interface Context {
  /** Shorter, so that all that have `quickSeconds` fit into a minute. */
  readonly quick: boolean
  /** Where data directories are made. */
  readonly directory: string
  /** As asked on the command line. */
  readonly transfers: number | undefined
  readonly accounts: number | undefined
  /** Tells people what is going on. */
  readonly say: (line: string) => void
}

export interface Workload {
  readonly name: string
  /** One line for `--list`. */
  readonly about: string
  /** About how long a quick run takes; undefined: it does not fit, and has to be named. */
  readonly quickSeconds: number | undefined
  run(context: Context): Promise<readonly Row[]>
}
