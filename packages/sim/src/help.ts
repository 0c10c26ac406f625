/** The text of `--help`. */
import { STEPS } from './command-line.ts'
import { PLANT_NAMES, PLANTS } from './plants.ts'

const WIDTH = Math.max(...PLANT_NAMES.map((name) => name.length))

export const HELP = `Simulates a ledger, its disk, its clock and its clients on one thread under one seed.

  npm run sim                                 one fresh seed
  npm run sim -- --seed 7                     this one, with everything that happens
  npm run sim -- --seeds 200                  so many fresh ones
  npm run sim -- --seeds 50 --from 1          1 to 50
  npm run sim -- --seed 7 --steps 20000       a longer run
  npm run sim -- --seeds 10 --plant skip-sync with a planted bug, to see it found

  --seed N      run one seed and tell what happens; the same seed is the same run, on any machine
  --seeds N     run so many
  --from N      the first of them; default: a random one, which is printed
  --steps N     turns of the loop in each run; default ${STEPS}
  --plant NAME  plant a bug:
${PLANT_NAMES.map((name) => `                ${name.padEnd(WIDTH)}  ${PLANTS[name].about}`).join('\n')}
  --help        this text

Exit code: 0 every check held, 1 one did not, 2 the command line is wrong.
`
