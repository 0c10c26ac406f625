/** Accounts: open, read, change, close; balances, entries, statements; add and take. */
import type { List } from '../list.ts'
import type { ReadOptions, WriteOptions } from '../options.ts'
import type {
  Account,
  AccountsQuery,
  Balance,
  BalanceQuery,
  ChangeAccount,
  CreateAccount,
  EntriesQuery,
  Entry,
  ProofQuery,
  Statement,
  StatementQuery,
} from '../shapes/account.ts'
import type { ChangeBalance, Transfer } from '../shapes/movement.ts'
import type { RowsQuery } from '../shapes/query.ts'
import type { Address } from '../shapes/values.ts'
import { Resource, segment } from './resource.ts'

export class Accounts extends Resource {
  /** Opens an account. The same account again is the same answer. @throws ExistsDifferently */
  create(account: CreateAccount, options: WriteOptions = {}): Promise<Account> {
    return this.write('/v1/accounts', account, options)
  }

  /** @throws NotFound */
  get(address: Address, options: ReadOptions = {}): Promise<Account> {
    return this.read(pathOf(address), {}, options)
  }

  /** Changes limits or metadata; what is left out stays. */
  change(address: Address, change: ChangeAccount, options: WriteOptions = {}): Promise<Account> {
    return this.send({ method: 'PATCH', path: pathOf(address), body: change, options })
  }

  close(address: Address, options: WriteOptions = {}): Promise<Account> {
    return this.write(`${pathOf(address)}/close`, {}, options)
  }

  reopen(address: Address, options: WriteOptions = {}): Promise<Account> {
    return this.write(`${pathOf(address)}/reopen`, {}, options)
  }

  list(query: AccountsQuery = {}, options: ReadOptions = {}): List<Account> {
    return this.rows('/v1/accounts', query, options)
  }

  /** Now, or as it was right after a moment. */
  balance(address: Address, query: BalanceQuery = {}, options: ReadOptions = {}): Promise<Balance> {
    return this.read(`${pathOf(address)}/balance`, query, options)
  }

  /** Newest first, unless `order` says otherwise: `for await (const entry of tally.accounts.entries('users:1042:wallet'))`. */
  entries(address: Address, query: EntriesQuery = {}, options: ReadOptions = {}): List<Entry> {
    return this.rows(`${pathOf(address)}/entries`, query, options)
  }

  /** Those that fit a filter, from the read models: a moment behind the ledger. @throws Refused when no index leads there, Unavailable */
  query(query: RowsQuery = {}, options: ReadOptions = {}): List<Account> {
    return this.asked('/v1/accounts/query', query, options)
  }

  statement(
    address: Address,
    query: StatementQuery = {},
    options: ReadOptions = {},
  ): Promise<Statement> {
    return this.read(`${pathOf(address)}/statement`, query, options)
  }

  /** The statement as CSV text. */
  statementCsv(
    address: Address,
    query: StatementQuery = {},
    options: ReadOptions = {},
  ): Promise<string> {
    const path = `${pathOf(address)}/statement`
    const call = { method: 'GET', path, query: { ...query, format: 'csv' }, options } as const
    return this.transport.text(call, 'text/csv')
  }

  /**
   * The statement as a page that has its proof inside and checks itself, offline, when it is opened: by ledger time, holds included.
   * `verifyStatement` of `@tallystick/verify` checks it from outside. @throws as `proof` does
   */
  statementHtml(
    address: Address,
    query: ProofQuery = {},
    options: ReadOptions = {},
  ): Promise<string> {
    const path = `${pathOf(address)}/statement`
    const asked = { ...query, format: 'html', proved: true }
    return this.transport.text({ method: 'GET', path, query: asked, options }, 'text/html')
  }

  /**
   * That the balance is right and that the listed entries are all there are, or that there is no such account: JSON for `tally-verify account`, and
   * `verifyAccountProof` of `@tallystick/verify`. @throws Unavailable when it takes too long, Refused for too many entries
   */
  proof(address: Address, query: ProofQuery = {}, options: ReadOptions = {}): Promise<string> {
    const path = `${pathOf(address)}/proof`
    return this.transport.text({ method: 'GET', path, query, options }, 'application/json')
  }

  /** Adds to the balance, from the asset's world account unless `counterparty` says otherwise. @throws Refused */
  increment(
    address: Address,
    change: ChangeBalance,
    options: WriteOptions = {},
  ): Promise<Transfer> {
    return this.write(`${pathOf(address)}/increments`, change, options)
  }

  /** Takes from the balance. @throws ExceedsCredits, Refused */
  decrement(
    address: Address,
    change: ChangeBalance,
    options: WriteOptions = {},
  ): Promise<Transfer> {
    return this.write(`${pathOf(address)}/decrements`, change, options)
  }
}

function pathOf(address: Address): string {
  return `/v1/accounts/${segment(address)}`
}
