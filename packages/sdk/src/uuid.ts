/** Ids that begin with the time: UUIDv7 (RFC 9562), in order even within one millisecond. */

const MILLISECONDS_MAX = 2 ** 48
/** The 12 bits behind the version count within a millisecond. */
const COUNTER_MAX = 0xfff

let last = 0
let counter = 0

/** A new id, after all ids that this process made before. */
export function uuidv7(): string {
  return uuidv7At(Date.now(), crypto.getRandomValues(new Uint8Array(16)))
}

/** @param now ms since 1970. @param random 16 bytes, which are used up. */
export function uuidv7At(now: number, random: Uint8Array): string {
  step(now, random)
  random[0] = Math.floor(last / 2 ** 40)
  random[1] = Math.floor(last / 2 ** 32)
  random[2] = last / 2 ** 24
  random[3] = last / 2 ** 16
  random[4] = last / 2 ** 8
  random[5] = last
  random[6] = 0x70 | (counter >>> 8)
  random[7] = counter & 0xff
  random[8] = 0x80 | ((random[8] ?? 0) & 0x3f)
  let hex = ''
  for (const byte of random) hex += byte.toString(16).padStart(2, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** When the clock stands still or runs back, the counter goes on; when it is full, the time goes on. */
function step(now: number, random: Uint8Array): void {
  if (now > last) {
    last = now % MILLISECONDS_MAX
    // The upper bit stays free, so that there is room to count.
    counter = (((random[6] ?? 0) << 8) | (random[7] ?? 0)) & 0x7ff
  } else if (counter < COUNTER_MAX) {
    counter++
  } else {
    last++
    counter = 0
  }
}
