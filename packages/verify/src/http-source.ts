/** Tiles from the web. */
import { concatBytes } from './bytes.ts'
import { SourceUnreadable, type TileSource } from './tiles.ts'

const TIMEOUT_MS = 30_000
/** A full bundle of the longest entries. */
const FILE_BYTES_MAX = 256 * (2 + 0xffff)

/**
 * @param prefix of the log: an http or https address, with or without a slash at its end
 * @param token of an API key, for logs that show entries to those who may read them. No redirect is followed with it, so that it
 * goes to the prefix's origin and nowhere else.
 */
export function httpSource(prefix: string, token?: string): TileSource {
  const asked: RequestInit =
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` }, redirect: 'error' }
  const base = prefix.replace(/\/+$/, '')
  return {
    async read(path) {
      const url = `${base}/${path}`
      try {
        const response = await fetch(url, { ...asked, signal: AbortSignal.timeout(TIMEOUT_MS) })
        if (response.status === 404 || response.status === 410) return undefined
        if (response.ok && response.body !== null) return await bodyOf(url, response.body)
        throw new SourceUnreadable(refusedText(url, response.status))
      } catch (cause) {
        if (cause instanceof SourceUnreadable) throw cause
        throw new SourceUnreadable(`${url} does not answer`, { cause })
      }
    },
  }
}

function refusedText(url: string, status: number): string {
  const why =
    status === 401 || status === 403 ? ': reading it needs an API key that has the right to' : ''
  return `${url} answers ${status}${why}`
}

async function bodyOf(url: string, body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  // Not every browser can iterate over a stream.
  const reader = body.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length
    if (length > FILE_BYTES_MAX) {
      await reader.cancel()
      throw new SourceUnreadable(`${url} is larger than any tile`)
    }
    parts.push(next.value)
  }
  return concatBytes(...parts)
}
