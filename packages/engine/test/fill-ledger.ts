/** A random history of requests, several at a time, from several sources, with snapshots on the way. */
import { type Prng, RandomCommands } from '@tallystick/testkit'

import type { TallyLedger } from '../src/index.ts'
import type { TestClock } from './fixtures.ts'

export async function fillLedger(
  ledger: TallyLedger,
  from: { readonly prng: Prng; readonly clock: TestClock; readonly sources: readonly string[] },
): Promise<void> {
  const { prng, clock, sources } = from
  const random = new RandomCommands(prng)
  for (let round = 0; round < 25; round++) {
    clock.advance(BigInt(prng.below(1_500)) * 1_000_000n)
    const asked = Array.from({ length: 1 + prng.below(6) }, () =>
      ledger.applyCommands(random.batch(clock.now()), {
        source: prng.pick(sources),
        ...{ principal: prng.pick(['ada', 'acme']), keyId: `key-${prng.below(3)}` },
      }),
    )
    await Promise.all(asked)
    if (prng.once(8)) await ledger.snapshot()
  }
}
