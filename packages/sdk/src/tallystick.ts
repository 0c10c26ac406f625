/** The client: settings in, resources out. */
import { type CallOptions, settingsOf, type TallystickOptions } from './options.ts'
import {
  ApprovalPolicies,
  Approvals,
  Audit,
  Ceilings,
  Grants,
  Identities,
  Keys,
  Principals,
  Roles,
} from './resources/access.ts'
import { Accounts } from './resources/accounts.ts'
import {
  Assets,
  BalanceTotals,
  ClosedBooks,
  Entries,
  ReadModels,
  Requests,
  Subjects,
} from './resources/administration.ts'
import { Batches } from './resources/batches.ts'
import { Events } from './resources/events.ts'
import { Rules } from './resources/rules.ts'
import { Webhooks } from './resources/webhooks.ts'
import { Log } from './resources/log.ts'
import { Holds, Transactions, Transfers } from './resources/movements.ts'
import { Reports } from './resources/reports.ts'
import type { Readiness } from './shapes/administration.ts'
import { Transport } from './transport.ts'

/**
 * Talks to one server. Every write carries an idempotency key, made per call unless given, so that its retries do it once.
 * @example
 * const tally = new Tallystick({ url: 'http://127.0.0.1:7411', key })
 * await tally.accounts.increment('users:1042:wallet', { amount: 10_000n })
 */
export class Tallystick {
  readonly accounts: Accounts
  readonly transfers: Transfers
  readonly transactions: Transactions
  readonly holds: Holds
  readonly batches: Batches
  readonly balances: BalanceTotals
  readonly assets: Assets
  readonly books: ClosedBooks
  readonly requests: Requests
  readonly log: Log
  readonly events: Events
  readonly webhooks: Webhooks
  readonly rules: Rules
  readonly subjects: Subjects
  readonly principals: Principals
  readonly keys: Keys
  readonly roles: Roles
  readonly grants: Grants
  readonly audit: Audit
  readonly ceilings: Ceilings
  readonly approvals: Approvals
  readonly approvalPolicies: ApprovalPolicies
  readonly identities: Identities
  readonly entries: Entries
  readonly readModels: ReadModels
  readonly reports: Reports
  readonly #transport: Transport

  constructor(options: TallystickOptions = {}) {
    const transport = new Transport(settingsOf(options))
    this.#transport = transport
    this.accounts = new Accounts(transport)
    this.transfers = new Transfers(transport)
    this.transactions = new Transactions(transport)
    this.holds = new Holds(transport)
    this.batches = new Batches(transport)
    this.balances = new BalanceTotals(transport)
    this.assets = new Assets(transport)
    this.books = new ClosedBooks(transport)
    this.requests = new Requests(transport)
    this.log = new Log(transport)
    this.events = new Events(transport)
    this.webhooks = new Webhooks(transport)
    this.rules = new Rules(transport)
    this.subjects = new Subjects(transport)
    this.principals = new Principals(transport)
    this.keys = new Keys(transport)
    this.roles = new Roles(transport)
    this.grants = new Grants(transport)
    this.audit = new Audit(transport)
    this.ceilings = new Ceilings(transport)
    this.approvals = new Approvals(transport)
    this.approvalPolicies = new ApprovalPolicies(transport)
    this.identities = new Identities(transport)
    this.entries = new Entries(transport)
    this.readModels = new ReadModels(transport)
    this.reports = new Reports(transport)
  }

  /** Where the log was after this client's newest write; opaque. Give it to another client as `minSequence`. */
  get lastSequence(): string | undefined {
    return this.#transport.lastSequence
  }

  /** That the server takes writes, asked once. @throws Unavailable when it does not, NoAnswer when there is none */
  ready(options: CallOptions = {}): Promise<Readiness> {
    return this.#transport.json({
      method: 'GET',
      path: '/readyz',
      options: { retries: 0, ...options },
    })
  }
}
