/**
 * Which accounts a request on its way opens or changes. A plan is made from what is decided now; while another request could
 * change just that, the plan waits, and is made again.
 */
export class InFlight {
  readonly #busy = new Set<bigint>()
  readonly #waiting: (() => void)[] = []

  isBusy(accounts: readonly bigint[]): boolean {
    return this.#busy.size > 0 && accounts.some((account) => this.#busy.has(account))
  }

  begin(accounts: readonly bigint[]): void {
    for (const account of accounts) this.#busy.add(account)
  }

  end(accounts: readonly bigint[]): void {
    if (accounts.length === 0) return
    for (const account of accounts) this.#busy.delete(account)
    for (const again of this.#waiting.splice(0)) again()
  }

  /** Calls `again` when some request has ended. */
  wait(again: () => void): void {
    this.#waiting.push(again)
  }
}
