/** What a write becomes: commands for the ledger, and what is kept with them so that its answer can be made from the book. */
import type { AccessReader } from '@tallystick/access'
import type { Command, LookUpKey } from '@tallystick/engine'
import type { RulesReader } from '@tallystick/rules'
import { TransferFlags } from '@tallystick/ledger'

import type { KnownAccounts } from '../known-accounts.ts'
import type { KnownAssets } from '../known-assets.ts'
import type { Render } from '../render/answer.ts'
import type { SavedBody } from '../saved-body.ts'
import type { LedgerReader } from '@tallystick/engine'

/** What planning reads. */
export interface Planning {
  readonly reader: LedgerReader
  readonly accounts: KnownAccounts
  readonly assets: KnownAssets
  readonly allowCardNumbers: boolean
  readonly access: AccessReader
  readonly rules: RulesReader
}

export interface Asking {
  /** Owner of references. */
  readonly owner: string
  /** ms since 1970, for new ids. */
  readonly nowMs: number
  readonly hasIdempotencyKey: boolean
  /** Id of the request, as text. */
  requestId(): string
}

/** How a plan stands to a second person: it waits for one, he carries it out in the name of whoever asked, or he refuses it. */
export type PlannedApproval =
  | { readonly kind: 'waits'; readonly commands: readonly Command[] }
  | { readonly kind: 'carried_out'; readonly by: string; readonly commands: readonly Command[] }
  | { readonly kind: 'refused' }

export interface Plan {
  readonly commands: readonly Command[]
  readonly body: SavedBody
  /** Accounts that it opens or whose settings it changes: one such request at a time for each. */
  readonly touches: readonly bigint[]
  /** Keys besides that of the idempotency key. */
  readonly keys: readonly LookUpKey[]
  readonly approval?: PlannedApproval
  /** Shown in the first answer in the place of `"secret":null`, and kept nowhere. */
  readonly secret?: string
}

export interface WriteOperation {
  /** @throws Refused. May be asked twice, when another request had to be waited for. */
  plan(planning: Planning, asking: Asking, asked: Asked): Plan
  readonly render: Render
}

/** Path and body, as the contract's schemas let them through. */
export interface Asked {
  readonly params: unknown
  readonly body: unknown
}

/** All or nothing. `linked` is the same bit for every operation. */
export function chain(commands: readonly Command[]): readonly Command[] {
  if (commands.length < 2) return commands
  return commands.map((command, index) => {
    const isLast = index === commands.length - 1
    const flags = isLast
      ? command.flags & ~TransferFlags.linked
      : command.flags | TransferFlags.linked
    return { ...command, flags }
  })
}

/** Stands for the registry of assets among the touched accounts: a number is proposed to one request at a time. */
export const ASSET_REGISTRY = -1n
