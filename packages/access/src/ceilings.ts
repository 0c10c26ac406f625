/** All ceilings there are: which bind a principal, and what the log may add and end. */
import { Ceiling, type CeilingRecord } from './ceiling.ts'
import type { ControlCommand } from './control-command.ts'
import { ControlStatus } from './control-status.ts'
import { CEILINGS_MAX, CEILINGS_PER_PRINCIPAL_MAX } from './limits.ts'

type CreateCeiling = Extract<ControlCommand, { control: 'create_ceiling' }>

const NONE: readonly Ceiling[] = []

export class Ceilings {
  readonly #all = new Map<string, Ceiling>()
  /** Of each principal, those that are not revoked, in the order of their creation. */
  readonly #live = new Map<string, readonly Ceiling[]>()

  /** Whether there ever was one. */
  get isEmpty(): boolean {
    return this.#all.size === 0
  }
  /** In the order of their creation. */
  get all(): Iterable<Ceiling> {
    return this.#all.values()
  }
  find(id: string): Ceiling | undefined {
    return this.#all.get(id)
  }
  /** Those that bind what it asks for. */
  of(principal: string): readonly Ceiling[] {
    return this.#live.get(principal) ?? NONE
  }

  /** Whether it may be added, for a principal that there is. */
  check({ ceiling, principal, measure, asset }: CreateCeiling): ControlStatus {
    if (this.#all.has(ceiling)) return ControlStatus.alreadyExists
    // Amounts of different assets have no sum.
    if (asset === null && measure !== 'daily_count') return ControlStatus.malformedControl
    const isTooMany =
      this.#all.size >= CEILINGS_MAX || this.of(principal).length >= CEILINGS_PER_PRINCIPAL_MAX
    return isTooMany ? ControlStatus.tooMany : ControlStatus.changed
  }

  add({ ceiling, principal, measure, asset, limit, addresses }: CreateCeiling, at: bigint): void {
    this.put({
      ...{ ceiling, principal, measure, addresses, asset: asset ?? undefined },
      ...{ limit: BigInt(limit), createdAt: at, revokedAt: undefined, day: 0n, used: 0n },
    })
  }

  revoke(id: string, at: bigint): void {
    const ceiling = this.#all.get(id)
    if (ceiling === undefined) return
    this.#all.set(id, ceiling.revoke(at))
    const { principal } = ceiling
    this.#live.set(
      principal,
      this.of(principal).filter((other) => other !== ceiling),
    )
  }

  put(record: CeilingRecord): void {
    const ceiling = new Ceiling(record)
    this.#all.set(record.ceiling, ceiling)
    if (!ceiling.isLive) return
    this.#live.set(record.principal, [...this.of(record.principal), ceiling])
  }
}
