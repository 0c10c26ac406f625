/** Books as fast as it can, and says after each call what is acknowledged: sequence and ms since 1970. */
import { Prng } from '@tallystick/testkit'

import { book, openSmall } from './fixture.ts'

const [directory = '', seed = '1'] = process.argv.slice(2)
const ledger = await openSmall(directory)
const prng = new Prng(Number(seed))
for (let call = 0; ; call++) {
  await book(ledger, prng, `${seed}-${call}`)
  process.stdout.write(`acknowledged ${ledger.metrics().durableSequence} ${Date.now()}\n`)
}
