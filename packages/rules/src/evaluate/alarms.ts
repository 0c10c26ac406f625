/** For each account whether a rule is in alarm: it fires when it passes the threshold, and again only after it came back. Two bits each. */
const START = 64

export class Alarms {
  #seen = new Uint32Array(START)
  #alarm = new Uint32Array(START)

  /**
   * A value moved. The first time the value before counts, so that what lay beyond already when the rule was put does not fire.
   * @returns whether it fires.
   */
  moved(slot: number, before: boolean, after: boolean, isBack: boolean): boolean {
    const word = slot >>> 5
    const bit = 1 << (slot & 31)
    if (word >= this.#seen.length) this.#grow(word)
    let alarm = this.#alarm[word] ?? 0
    if (((this.#seen[word] ?? 0) & bit) === 0) {
      this.#seen[word] = (this.#seen[word] ?? 0) | bit
      if (before) alarm |= bit
    }
    const wasAlarmed = (alarm & bit) !== 0
    if (wasAlarmed && isBack) alarm &= ~bit
    if (!wasAlarmed && after) alarm |= bit
    this.#alarm[word] = alarm
    return !wasAlarmed && after
  }

  #grow(word: number): void {
    const length = Math.max(word + 1, this.#seen.length * 2)
    const [seen, alarm] = [new Uint32Array(length), new Uint32Array(length)]
    seen.set(this.#seen)
    alarm.set(this.#alarm)
    this.#seen = seen
    this.#alarm = alarm
  }
}
