/** The proof log: checkpoints, tiles, leaves. `tally-verify` and any other reader of C2SP's formats checks them. */
import type { ReadOptions } from '../options.ts'
import type { ProofLog } from '../shapes/log.ts'
import type { Watched } from '../watch/log-watch.ts'
import { Resource } from './resource.ts'

export class Log extends Resource {
  /** Its name, its keys, how far it has come. */
  get(options: ReadOptions = {}): Promise<ProofLog> {
    return this.read('/v1/log', {}, options)
  }

  /** The newest signed checkpoint, a note. @throws NotFound when none was signed yet */
  checkpoint(options: ReadOptions = {}): Promise<string> {
    const call = { method: 'GET', path: '/v1/log/checkpoint', options } as const
    return this.transport.text(call, 'text/plain')
  }

  /** Hashes of a tile. @param path like `0/x001/067` or `0/000.p/6`, as tlog-tiles has it. @throws NotFound */
  tile(path: string, options: ReadOptions = {}): Promise<Uint8Array> {
    return this.#bytes(`/v1/log/tile/${path}`, options)
  }

  /** Leaves, each behind its length. @param path like `x001/067` or `000.p/6`. @throws NotFound */
  entries(path: string, options: ReadOptions = {}): Promise<Uint8Array> {
    return this.#bytes(`/v1/log/tile/entries/${path}`, options)
  }

  /**
   * Checks now that the log continues what this client saw of it before, and keeps its newest checkpoint. By itself it does so once a minute at most,
   * beside the requests (`watch`).
   */
  check(): Promise<Watched> {
    return this.transport.watch.check()
  }

  /** What this client has seen of the log, without asking the server. */
  watched(): Promise<Watched> {
    return this.transport.watch.watched()
  }

  /** What was seen counts no more, an alarm neither: after its operator has explained it. */
  forget(): Promise<void> {
    return this.transport.watch.forget()
  }

  /** Ends the watch: waits for the check that is under way, and gives it up after `ms`. For programs that end now. */
  endWatch(ms = 2_000): Promise<void> {
    return this.transport.watch.end(ms)
  }

  #bytes(path: string, options: ReadOptions): Promise<Uint8Array> {
    return this.transport.bytes({ method: 'GET', path, options }, 'application/octet-stream')
  }
}
