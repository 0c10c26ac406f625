/** A log as a server shows it to the world, which a test can let grow, shrink, fork and lie. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { signCheckpoint, SigningKey } from '@tallystick/proof'
import { leafHash, SignatureType, treeRoot } from '@tallystick/verify'

const WIDTH = 256

/** Answers `/v1/log`, `checkpoint` and hash tiles; everything else with an empty JSON object. */
export class ShownLog {
  origin = 'ledger.example/log'
  /** All of them sign. */
  keys: SigningKey[] = [SigningKey.generate(this.origin, SignatureType.ed25519)]
  /** Hashes of leaves. */
  leaves: Uint8Array[] = []
  /** Instead of the answer that is due. */
  answer: ((path: string) => { status: number; body?: string } | 'silence' | undefined) | undefined
  /** Paths that were asked for. */
  readonly asked: string[] = []
  #server: Server | undefined

  /** @param branch the same leaves come of the same numbers and branch */
  grow(count: number, branch = 0): this {
    for (let added = 0; added < count; added++) {
      this.leaves.push(leafHash(new TextEncoder().encode(`${this.leaves.length} ${branch}`)))
    }
    return this
  }

  checkpoint(): string {
    const head = { size: BigInt(this.leaves.length), root: treeRoot(this.leaves) }
    return signCheckpoint({ origin: this.origin, ...head, extensions: [] }, this.keys)
  }

  /** @returns its address. */
  async listen(): Promise<string> {
    const server = createServer((request, response) => {
      const path = request.url ?? ''
      this.asked.push(path)
      const answer = this.answer?.(path)
      if (answer === 'silence') return
      const body = answer === undefined ? this.#body(path) : answer.body
      response.setHeader('content-type', 'application/json')
      response.writeHead(answer?.status ?? (body === undefined ? 404 : 200)).end(body)
    })
    this.#server = server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  #body(path: string): string | Uint8Array | undefined {
    if (path === '/v1/log') {
      return JSON.stringify({ origin: this.origin, keys: this.keys.map(({ vkey }) => vkey) })
    }
    if (path === '/v1/log/checkpoint') return this.checkpoint()
    return path.startsWith('/v1/log/tile/') ? this.#tile(path) : '{}'
  }

  /** Of small logs: the index has three digits. */
  #tile(path: string): Uint8Array | undefined {
    const [, level, index, width = WIDTH] = /tile\/(\d+)\/(\d{3})(?:\.p\/(\d+))?$/.exec(path) ?? []
    const span = WIDTH ** Number(level)
    const first = Number(index) * WIDTH
    const hashes = Array.from({ length: Number(width) }, (_, at) =>
      this.leaves.slice((first + at) * span, (first + at + 1) * span),
    )
    if (hashes.some(({ length }) => length < span)) return undefined
    return Buffer.concat(hashes.map(treeRoot))
  }
}
