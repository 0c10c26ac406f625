/** Reads server-sent events as a browser does, for tests: to an end, or as far as somebody waits for. */
import { eventSchema, type EventType, type LedgerEvent } from '@tallystick/contract'
import { Compile } from 'typebox/compile'
import { expect, onTestFinished } from 'vitest'

import { ROOT_KEY } from './harness.ts'

export interface Message {
  /** '' for those without a name. */
  readonly name: string
  readonly id: string
  /** undefined: it only says how far the stream has come. */
  readonly data: string | undefined
}

/** For what has been decided already. */
const PATIENCE_MS = 10_000

const checkers = new Map<EventType, ReturnType<typeof Compile>>()

function checked(message: Message): LedgerEvent {
  const event = JSON.parse(message.data ?? '') as LedgerEvent
  const checker = checkers.get(event.type) ?? Compile(eventSchema(event.type))
  checkers.set(event.type, checker)
  if (!checker.Check(event)) expect({ event, errors: [...checker.Errors(event)] }).toEqual(event)
  expect(message.id).toBe(event.id)
  return event
}

export class EventReader {
  readonly response: Response
  readonly messages: Message[] = []
  readonly #reader: ReadableStreamDefaultReader<string>
  readonly #abort: AbortController
  #rest = ''
  #isOver = false

  private constructor(response: Response, abort: AbortController) {
    this.response = response
    this.#abort = abort
    if (response.body === null) throw new Error('there is no body')
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  }

  /** @param query like `?after=0`. */
  static async open(
    url: string,
    query = '',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<EventReader> {
    const abort = new AbortController()
    const response = await fetch(`${url}/v1/events${query}`, {
      headers: { authorization: `Bearer ${ROOT_KEY}`, ...headers },
      signal: abort.signal,
    })
    const reader = new EventReader(response, abort)
    onTestFinished(() => reader.close())
    return reader
  }

  get events(): LedgerEvent[] {
    return this.messages.flatMap((message) =>
      message.data === undefined || message.name !== '' ? [] : [checked(message)],
    )
  }

  /** Newest place that it heard of. */
  get lastId(): string {
    return this.messages.at(-1)?.id ?? ''
  }

  /** Reads until there are so many events. @throws when the stream ends before, or they do not come */
  async take(count: number): Promise<LedgerEvent[]> {
    const has = (): number => this.messages.filter(({ data, name }) => data && name === '').length
    const patience = setTimeout(() => this.close(), PATIENCE_MS)
    while (has() < count && !this.#isOver) await this.#read()
    clearTimeout(patience)
    if (has() >= count) return this.events
    const types = this.events.map(({ type }) => type).join(' ')
    throw new Error(`it ended after ${has()} of ${count} events: ${types}`)
  }

  /** Reads until the stream says that it has come to that event. @throws when it does not */
  async reach(id: string): Promise<void> {
    const patience = setTimeout(() => this.close(), PATIENCE_MS)
    while (this.lastId !== id && !this.#isOver) await this.#read()
    clearTimeout(patience)
    if (this.lastId !== id) throw new Error(`it came to ${this.lastId}, not to ${id}`)
  }

  /** Reads to the end, however it comes. */
  async rest(): Promise<Message[]> {
    while (!this.#isOver) await this.#read()
    return this.messages
  }

  close(): void {
    this.#abort.abort()
  }

  async #read(): Promise<void> {
    try {
      const { done, value } = await this.#reader.read()
      if (done) this.#isOver = true
      else this.#add(value)
    } catch {
      this.#isOver = true
    }
  }

  #add(text: string): void {
    const blocks = `${this.#rest}${text}`.split('\n\n')
    this.#rest = blocks.pop() ?? ''
    for (const block of blocks) this.messages.push(messageOf(block, this.lastId))
  }
}

function messageOf(block: string, lastId: string): Message {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
  return { name: field('event') ?? '', id: field('id') ?? lastId, data: field('data') }
}
