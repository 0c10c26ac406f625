/** A server's log as anybody may read it: without a key, one try each, and never for long. */
import { SourceUnreadable, type TileSource } from '@tallystick/verify'
import type { Settings } from '../options.ts'

/** ms. A program that has ended otherwise waits no longer for it. */
const TIMEOUT_MS = 5_000
/** A tile has 8 KiB, a checkpoint with its signatures less. */
const BYTES_MAX = 256 * 1024

/** `''` is what the log says of itself. @param signal ends it before its time */
export function logSource(
  { url, fetch }: Pick<Settings, 'url' | 'fetch'>,
  signal: AbortSignal,
): TileSource {
  return {
    async read(path) {
      const address = path === '' ? `${url}/v1/log` : `${url}/v1/log/${path}`
      const response = await asked(address, fetch, signal)
      if (response.status === 404) return undefined
      if (!response.ok) throw new SourceUnreadable(`${address} answers ${response.status}`)
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (bytes.length <= BYTES_MAX) return bytes
      throw new SourceUnreadable(`${address} is larger than any tile`)
    },
  }
}

async function asked(
  address: string,
  fetch: Settings['fetch'],
  signal: AbortSignal,
): Promise<Response> {
  try {
    const ended = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
    // A checkpoint out of a browser's cache would look like a log that shrank.
    return await fetch(address, { cache: 'no-store', signal: ended })
  } catch (cause) {
    throw new SourceUnreadable(`${address} does not answer`, { cause })
  }
}
