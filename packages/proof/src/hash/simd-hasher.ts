/** The hasher whose code is the module of `sha256-module.ts`. The module is compiled once for all hashers. */
import type { BatchHasher, MessageBatch, NodeBatch } from './batch-hasher.ts'
import { RESERVED_BYTES, reservedBytes, sha256Module } from './sha256-module.ts'

/** What is used of the WebAssembly JavaScript interface: neither Node's types nor the language's declare it. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number }) => { buffer: ArrayBuffer }
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (
    module: object,
    imports: { env: { memory: object } },
  ) => { readonly exports: object }
  validate(bytes: Uint8Array<ArrayBuffer>): boolean
}

interface Exports {
  hashMany(...numbers: readonly [number, number, number, number, number, number]): void
  hashNodes(source: number, count: number, target: number): void
}

const PAGE_BYTES = 65_536

let compiled: object | undefined
let exists: boolean | undefined

/** Whether this machine and this run of it (`--jitless` has no WebAssembly) can do it. */
export function simdExists(): boolean {
  exists ??= typeof WebAssembly !== 'undefined' && WebAssembly.validate(sha256Module())
  return exists
}

export class SimdHasher implements BatchHasher {
  readonly u8: Uint8Array<ArrayBuffer>
  readonly u32: Uint32Array<ArrayBuffer>
  readonly #exports: Exports

  constructor(bytes: number) {
    const pages = Math.ceil((RESERVED_BYTES + bytes) / PAGE_BYTES)
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    compiled ??= new WebAssembly.Module(sha256Module())
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } })
    this.#exports = exports as Exports
    new Uint8Array(memory.buffer).set(reservedBytes())
    const words = Math.ceil(bytes / 4)
    this.u8 = new Uint8Array(memory.buffer, RESERVED_BYTES, words * 4)
    this.u32 = new Uint32Array(memory.buffer, RESERVED_BYTES, words)
  }

  hashMany({ source, stride, blocks, count, target, targetStride = 32 }: MessageBatch): void {
    if (count === 0) return
    const [from, to] = [source + RESERVED_BYTES, target + RESERVED_BYTES]
    this.#exports.hashMany(from, stride, blocks, count, to, targetStride)
  }

  hashNodes({ source, count, target }: NodeBatch): void {
    if (count === 0) return
    this.#exports.hashNodes(source + RESERVED_BYTES, count, target + RESERVED_BYTES)
  }
}
