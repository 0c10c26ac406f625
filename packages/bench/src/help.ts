/** The texts of `--help` and `--list`. */
import { WORKLOADS } from './catalogue.ts'

export const HELP = `Measures Tallystick beside the bare machine, in the same run.

  npm run bench                              every workload; growth with 10 million transfers
  npm run bench -- --quick                   shorter runs of those that fit into a minute
  npm run bench -- apply singles             these; a beginning of a name chooses all that begin so
  npm run bench -- growth --transfers 100M   takes minutes and about 25 GB of disk
  npm run bench -- --quick --json out.json   the rows as JSON too

  --quick          shorter: for a first impression; the figures are rougher
  --json FILE      write the rows to FILE: name, unit, value, p50, p99, baseline, ratio, bar, holds, …
  --dir DIRECTORY  where data directories are made and removed again; it is that disk which is measured.
                   Default: where the system keeps temporary files
  --transfers N    of growth; 10M and 250k are understood
  --accounts N     of apply, growth and accounts
  --list           the workloads
  --help           this text

Each file in packages/bench/src/workloads begins with the whole statement of its workload.
Exit code: 0 all bars hold, 1 a bar falls short or a workload failed, 2 the command line is wrong.
`

export function listText(): string {
  const width = Math.max(...WORKLOADS.map(({ name }) => name.length))
  const lines = WORKLOADS.map(({ name, about, quickSeconds }) => {
    const quick = quickSeconds === undefined ? '' : ' (quick)'
    return `${name.padEnd(width)}  ${about}${quick}`
  })
  return `${lines.join('\n')}\n`
}
