/** How often a run has met what it is there to meet: a simulator that never visits a case proves nothing about it. */

/** In the order of the table. */
export const CASES = {
  powerLost: 'losses of power',
  killed: 'kills of the process',
  syncFailed: 'failed syncs',
  diedRecovering: 'deaths while recovering',
  closed: 'clean closes',
  recovered: 'recoveries audited',
  tornTails: 'torn tails cut',
  snapshotsMade: 'snapshots made',
  snapshotsLoaded: 'snapshots loaded',
  sealed: 'ids sealed',
  merged: 'runs merged',
  rolled: 'segments begun',
  fullDisks: 'full disks',
  fullRefusals: 'refusals for want of space',
  slowDisks: 'slow disks',
  clockBack: 'clocks set back',
  clockForward: 'clocks set forward a little',
  clockStops: 'stops by a clock far ahead',
  released: 'holds expired',
  replayed: 'repeats answered from the book',
  conflicts: 'keys refused for another body',
  lateRepeats: 'repeats after a death without an answer',
  unknownThere: 'unanswered requests found whole',
  unknownGone: 'unanswered requests found nowhere',
  large: 'batches of a thousand and more',
  dryRuns: 'dry runs',
  reads: 'reads compared',
  verified: 'whole verifications',
  events: 'events decided',
} as const
export type Case = keyof typeof CASES

export const CASE_NAMES = Object.keys(CASES) as Case[]

export class Coverage {
  readonly #counts = new Map<Case, number>()

  add(name: Case, by = 1): void {
    this.#counts.set(name, this.of(name) + by)
  }

  of(name: Case): number {
    return this.#counts.get(name) ?? 0
  }

  /** Adds another run's counts. */
  take(other: Coverage): void {
    for (const name of CASE_NAMES) this.add(name, other.of(name))
  }

  /** Cases that were never met. */
  get missing(): Case[] {
    return CASE_NAMES.filter((name) => this.of(name) === 0)
  }

  table(): string {
    const width = Math.max(...Object.values(CASES).map((text) => text.length))
    const lines = CASE_NAMES.map(
      (name) =>
        `  ${CASES[name].padEnd(width)}  ${this.of(name).toLocaleString('en').padStart(10)}`,
    )
    return `${lines.join('\n')}\n`
  }
}
