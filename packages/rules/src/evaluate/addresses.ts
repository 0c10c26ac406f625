/** Addresses of all accounts as bytes in a few large pieces: a text per account would take three times as much. */
const PIECE_BYTES = 1 << 20
const START = 1_024

export class Addresses {
  readonly #pieces: Uint8Array[] = []
  #used = PIECE_BYTES
  /** Piece and offset of each, in one number. */
  #places = new Float64Array(START)
  #lengths = new Uint8Array(START)

  set(slot: number, address: string): void {
    if (slot >= this.#places.length) this.#grow(slot)
    if (this.#used + address.length > PIECE_BYTES) {
      this.#pieces.push(new Uint8Array(PIECE_BYTES))
      this.#used = 0
    }
    const piece = this.#pieces.length - 1
    const bytes = this.#pieces[piece]
    for (let i = 0; i < address.length; i++) {
      if (bytes !== undefined) bytes[this.#used + i] = address.charCodeAt(i)
    }
    this.#places[slot] = piece * PIECE_BYTES + this.#used
    this.#lengths[slot] = address.length
    this.#used += address.length
  }

  at(slot: number): string {
    const place = this.#places[slot] ?? 0
    const bytes = this.#pieces[Math.floor(place / PIECE_BYTES)]
    const from = place % PIECE_BYTES
    let text = ''
    for (let i = from; i < from + (this.#lengths[slot] ?? 0); i++) {
      text += String.fromCharCode(bytes?.[i] ?? 0)
    }
    return text
  }

  #grow(slot: number): void {
    const length = Math.max(slot + 1, this.#places.length * 2)
    const [places, lengths] = [new Float64Array(length), new Uint8Array(length)]
    places.set(this.#places)
    lengths.set(this.#lengths)
    this.#places = places
    this.#lengths = lengths
  }
}
