/** A line of progress that is written over itself: how far, how fast, how long still. */
import { countText } from './money-text.ts'
import type { Sink } from './output.ts'

const BAR_WIDTH = 20
/** ms between two drawings. */
const DRAW_EVERY_MS = 100

export interface Progress {
  readonly done: number
  /** undefined: not known. */
  readonly total: number | undefined
  /** s since it began. */
  readonly seconds: number
  readonly unit: string
}

export function bar(done: number, total: number): string {
  const full = total === 0 ? BAR_WIDTH : Math.min(BAR_WIDTH, Math.floor((done / total) * BAR_WIDTH))
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full)
}

/** Two digits that say something: 61,234 is `61,000`. */
export function rateText(perSecond: number): string {
  if (!Number.isFinite(perSecond) || perSecond <= 0) return '0'
  const magnitude = 10 ** Math.max(0, Math.floor(Math.log10(perSecond)) - 1)
  return countText(Math.round(perSecond / magnitude) * magnitude)
}

export function leftText(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s left`
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min left`
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)} h left`
}

const two = (value: number): string => value.toString().padStart(2, '0')

export function progressText({ done, total, seconds, unit }: Progress): string {
  const rate = seconds > 0 ? done / seconds : 0
  const rates = `${rateText(rate)} ${unit}/s`
  if (total === undefined) return `${countText(done)} ${unit}  ${rates}`
  const left = rate > 0 && done < total ? `   ${leftText((total - done) / rate)}` : ''
  return `${countText(done)} of ${countText(total)} ${unit}  ${bar(done, total)}  ${rates}${left}`
}

/** Draws on a terminal, and nothing where there is none. */
export class ProgressLine {
  readonly #terminal: Sink | undefined
  readonly #now: () => number
  #drawnAt = Number.NEGATIVE_INFINITY
  #isDrawn = false

  constructor(terminal: Sink | undefined, now: () => number = () => performance.now()) {
    this.#terminal = terminal
    this.#now = now
  }

  draw(text: () => string): void {
    if (this.#terminal === undefined) return
    const now = this.#now()
    if (now - this.#drawnAt < DRAW_EVERY_MS) return
    this.#drawnAt = now
    this.#isDrawn = true
    const columns = this.#terminal.columns ?? 80
    this.#terminal.write(`\r\u001b[2K${text().slice(0, columns - 1)}`)
  }

  /** The line is gone; whoever is done prints its last state as an answer. */
  clear(): void {
    if (this.#isDrawn) this.#terminal?.write('\r\u001b[2K')
    this.#isDrawn = false
  }
}
