/**
 * A small assembler: the bytes of a WebAssembly module, written instruction by instruction. It knows as much of the
 * format (WebAssembly core specification 2.0, chapter 5) as `sha256-module.ts` needs, and checks nothing: the engine
 * that compiles the module does.
 */

export const ValueType = { i32: 0x7f, v128: 0x7b } as const
type ValueType = (typeof ValueType)[keyof typeof ValueType]

/** One plain opcode. */
const Op = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  call: 0x10,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  load8: 0x2d,
  store8: 0x3a,
  constant: 0x41,
  isZero: 0x45,
  greater: 0x4b,
  add: 0x6a,
  subtract: 0x6b,
} as const

/** Opcodes behind the prefix 0xfd. */
const Simd = {
  load: 0,
  load32Splat: 9,
  store: 11,
  shuffle: 13,
  splat: 17,
  replaceLane: 28,
  and: 78,
  or: 80,
  xor: 81,
  shiftLeft: 171,
  shiftRight: 173,
  add: 174,
} as const
const SIMD_PREFIX = 0xfd
const NO_RESULT = 0x40

/** A function's name in its module, its parameters, its own variables and its code. None gives a result. */
export interface WasmFunction {
  readonly exportedAs?: string
  readonly parameters: readonly ValueType[]
  readonly code: Code
}

/** The body of a function. Every method writes one instruction, or a few that belong together, and returns this. */
export class Code {
  readonly bytes: number[] = []
  readonly #parameterCount: number
  readonly #locals: ValueType[] = []

  constructor(parameterCount: number) {
    this.#parameterCount = parameterCount
  }

  /** @returns the index of a new variable, zero when the function begins. */
  local(type: ValueType): number {
    return this.#parameterCount + this.#locals.push(type) - 1
  }

  get locals(): readonly ValueType[] {
    return this.#locals
  }

  get(local: number): this {
    return this.#write(Op.localGet, ...unsigned(local))
  }
  set(local: number): this {
    return this.#write(Op.localSet, ...unsigned(local))
  }
  tee(local: number): this {
    return this.#write(Op.localTee, ...unsigned(local))
  }
  constant(value: number): this {
    return this.#write(Op.constant, ...signed(value | 0))
  }
  add(): this {
    return this.#write(Op.add)
  }
  subtract(): this {
    return this.#write(Op.subtract)
  }
  isZero(): this {
    return this.#write(Op.isZero)
  }
  /** Unsigned. */
  greater(): this {
    return this.#write(Op.greater)
  }
  select(): this {
    return this.#write(Op.select)
  }
  call(index: number): this {
    return this.#write(Op.call, ...unsigned(index))
  }
  store8(offset: number): this {
    return this.#write(Op.store8, 0, ...unsigned(offset))
  }
  load8(offset: number): this {
    return this.#write(Op.load8, 0, ...unsigned(offset))
  }

  /** Repeats `body` while the i32 that it leaves on the stack is not zero. */
  repeatWhile(body: (code: this) => void): this {
    this.#write(Op.loop, NO_RESULT)
    body(this)
    return this.#write(Op.branchIf, 0, Op.end)
  }
  /** Runs `body` when the i32 on the stack is not zero. */
  when(body: (code: this) => void): this {
    this.#write(Op.if, NO_RESULT)
    body(this)
    return this.#write(Op.end)
  }

  /** Address on the stack; no alignment is promised. */
  load(offset: number): this {
    return this.#simd(Simd.load, 0, ...unsigned(offset))
  }
  /** A 32-bit word to all four lanes. */
  load32Splat(offset: number): this {
    return this.#simd(Simd.load32Splat, 2, ...unsigned(offset))
  }
  store(offset: number): this {
    return this.#simd(Simd.store, 0, ...unsigned(offset))
  }
  splat(): this {
    return this.#simd(Simd.splat)
  }
  replaceLane(lane: number): this {
    return this.#simd(Simd.replaceLane, lane)
  }
  /** @param bytes which of the 32 bytes of two vectors each of the 16 bytes is. */
  shuffle(bytes: readonly number[]): this {
    return this.#simd(Simd.shuffle, ...bytes)
  }
  and(): this {
    return this.#simd(Simd.and)
  }
  or(): this {
    return this.#simd(Simd.or)
  }
  xor(): this {
    return this.#simd(Simd.xor)
  }
  addLanes(): this {
    return this.#simd(Simd.add)
  }
  shiftLeft(bits: number): this {
    return this.constant(bits).#simd(Simd.shiftLeft)
  }
  shiftRight(bits: number): this {
    return this.constant(bits).#simd(Simd.shiftRight)
  }

  #simd(opcode: number, ...immediates: number[]): this {
    return this.#write(SIMD_PREFIX, ...unsigned(opcode), ...immediates)
  }

  #write(...bytes: number[]): this {
    this.bytes.push(...bytes)
    return this
  }
}

/** The bytes of a module that imports its memory as `env.memory`. Functions call each other by their index. */
export function assembleModule(
  functions: readonly WasmFunction[],
  memoryPages: number,
): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...vector(parameters, one), 0])
  const exported = functions.flatMap(({ exportedAs }, index) =>
    exportedAs === undefined ? [] : [[...name(exportedAs), 0, ...unsigned(index)]],
  )
  const bodies = functions.map(({ code }) => {
    const locals = vector(code.locals, (type) => [1, type])
    const body = [...locals, ...code.bytes, Op.end]
    return [...unsigned(body.length), ...body]
  })
  const memory = [...name('env'), ...name('memory'), 2, 0, ...unsigned(memoryPages)]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types, same)),
    ...section(2, vector([memory], same)),
    ...section(
      3,
      vector(types, (_, index) => unsigned(index)),
    ),
    ...section(7, vector(exported, same)),
    ...section(10, vector(bodies, same)),
  ])
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content]
}

function vector<T>(
  items: readonly T[],
  encode: (item: T, index: number) => readonly number[],
): number[] {
  return [...unsigned(items.length), ...items.flatMap(encode)]
}

const one = (value: number): readonly number[] => [value]
const same = (bytes: readonly number[]): readonly number[] => bytes

function name(text: string): number[] {
  return vector([...new TextEncoder().encode(text)], one)
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value >>> 0
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return [...bytes, rest]
}

/** Signed LEB128 of an i32. */
function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest < -0x40 || rest >= 0x40) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>= 7
  }
  return [...bytes, rest & 0x7f]
}
