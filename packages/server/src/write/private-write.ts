/** A write with private data, on its way to one without: what is private is made safe first, and a commitment stands in its place. */
import type { PrivateData } from '@tallystick/contract'
import type { LookUpKey } from '@tallystick/engine'

import type { Exchange } from '../http/exchange.ts'
import type { Commitment } from '../private/private-data.ts'
import { readBody } from '../saved-body.ts'
import type { Service } from '../service.ts'
import type { Asked } from './plan.ts'
import { withCommitments } from './private-body.ts'

/** What is asked once nothing in it is private any more. */
export interface AskedWrite extends Asked {
  /** In place of its private data, in order; undefined: there was none. */
  readonly commitments?: readonly Commitment[]
  /** Called when it is answered, or will not be asked. */
  readonly ended?: () => void
}

export class PrivateWrite {
  readonly #service: Service
  readonly #owner: string
  readonly #asked: Asked
  readonly #given: readonly PrivateData[]
  #previewed: readonly Commitment[] = []

  constructor(service: Service, exchange: Exchange, asked: Asked, given: readonly PrivateData[]) {
    this.#service = service
    this.#owner = exchange.principal?.name ?? ''
    this.#asked = asked
    this.#given = given
  }

  /** Tries it with what keeps nothing: what is refused for its form leaves nothing behind. @throws whatever `plan` throws */
  preview<Plan>(plan: (trial: Asked) => Plan): Plan {
    this.#previewed = this.#service.privacy.preview(this.#owner, this.#given)
    return this.guard(() => plan(this.#with(this.#previewed)))
  }

  /** What is private is safe when this returns, but for a dry run. @param keys under which it happens once. @throws Refused */
  keep(keys: readonly LookUpKey[], dryRun: boolean): AskedWrite {
    const { privacy } = this.#service
    if (dryRun) {
      const commitments = this.#previewed
      return { ...this.#with(commitments), commitments, ended: () => privacy.forget(commitments) }
    }
    privacy.forget(this.#previewed)
    const commitments = privacy.keep(this.#owner, this.#given, this.#earlier(keys))
    return { ...this.#with(commitments), commitments }
  }

  /** Forgets what was tried when it comes to nothing. */
  guard<Result>(act: () => Result): Result {
    try {
      return act()
    } catch (error) {
      this.#service.privacy.forget(this.#previewed)
      throw error
    }
  }

  /** Commitments of the request that this one repeats, if it does. */
  #earlier(keys: readonly LookUpKey[]): readonly Commitment[] {
    for (const key of keys) {
      const saved = key.unique ? this.#service.ledger.reader.request(key) : undefined
      if (saved !== undefined) return readBody(saved.envelope.body).private ?? []
    }
    return []
  }

  #with(commitments: readonly Commitment[]): Asked {
    return { ...this.#asked, body: withCommitments(this.#asked.body, commitments) }
  }
}
