/** What an import writes to and checks against: a server, or for a dry run a ledger in memory. */
import type { CreateAccount, CreateTransfer } from '@tallystick/sdk'

export type ImportCommand =
  | ({ readonly operation: 'create_account' } & CreateAccount)
  | ({ readonly operation: 'create_transfer' } & CreateTransfer)

export interface Balance {
  readonly transferId: string
  /** Of the account right after that transfer, in the order of the ledger. */
  readonly balance: bigint
}

export interface BookingTarget {
  /** Decides the commands in order. @returns a status for each, like `created`, `exists`, `exceeds_credits`. */
  send(commands: readonly ImportCommand[]): Promise<readonly string[]>
  /** Running balances of an account, the newest first. */
  balances(address: string): AsyncIterable<Balance>
  close(): Promise<void>
}
