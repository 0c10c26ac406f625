/** What is printed beside a run: how far it has come, and everything about a failure. */
import { STEPS } from './command-line.ts'
import type { PlantName } from './plants.ts'
import type { Violation } from './violation.ts'

interface Run {
  readonly seed: number
  readonly steps: number
  readonly plant: PlantName | undefined
}

export function failureText(violation: Violation, { seed, steps, plant }: Run): string {
  const more = [
    steps === STEPS ? '' : ` --steps ${steps}`,
    plant === undefined ? '' : ` --plant ${plant}`,
  ]
  return [
    `\nseed ${seed} failed: ${violation.check}`,
    `  expected   ${violation.expected}`,
    `  saw        ${violation.seen}`,
    `  reproduce  npm run sim -- --seed ${seed}${more.join('')}`,
  ].join('\n')
}

/** Seconds between two lines. */
const EVERY_S = 5

export class Progress {
  readonly #count: number
  readonly #from = performance.now()
  #told = performance.now()
  #done = 0

  constructor(count: number) {
    this.#count = count
  }

  /** One more run is done. */
  done(failures: number, print: (line: string) => void): void {
    this.#done++
    const now = performance.now()
    if (now - this.#told < EVERY_S * 1_000 && this.#done < this.#count) return
    this.#told = now
    const rate = (this.#done * 1_000) / (now - this.#from)
    const failed = failures === 0 ? '' : `, ${failures} failed`
    print(`${this.#done} of ${this.#count} seeds, ${rate.toFixed(1)} a second${failed}`)
  }
}
