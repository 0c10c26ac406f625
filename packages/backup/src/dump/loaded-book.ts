/** The book that a dump is loaded into, line by line. */
import { createHash } from 'node:crypto'

import { BookImport } from '@tallystick/engine'
import type { Disk } from '@tallystick/journal'
import type { Command } from '@tallystick/ledger'

import { Malformed } from '../fields.ts'
import { commandOf } from './asked.ts'
import { type DumpEnd, eventLine, groupLine, requestLine } from './lines.ts'
import { type DumpLine, type GroupHead, parseLine, type RequestHead } from './parse-line.ts'

/** A request whose events are still coming. */
interface OpenRequest {
  readonly head: RequestHead
  readonly commands: Command[]
  readonly lines: string[]
}

interface OpenGroup {
  readonly head: GroupHead
  requests: number
  /** Events whose lines were compared. */
  events: number
  /** Events that were in it before any request: holds that fell due. */
  readonly releases: number
}

export class LoadedBook {
  readonly #place: { readonly disk: Disk; readonly directory: string }
  readonly #hash = createHash('sha256')
  readonly #counts = { groups: 0, requests: 0, events: 0 }
  #book: BookImport | undefined
  #group: OpenGroup | undefined
  #request: OpenRequest | undefined
  #end: DumpEnd | undefined
  /** Lines that were read. */
  lines = 0

  constructor(place: { readonly disk: Disk; readonly directory: string }) {
    this.#place = place
  }

  /** The next line. @throws Malformed, EngineError, MalformedCommand, BackupDamaged. */
  line(text: string, isLast: boolean): void {
    this.lines++
    const line = parseLine(text)
    if (isLast !== (line.line === 'end')) {
      throw new Malformed(
        isLast ? 'the dump ends here, in the middle' : 'something follows the end',
      )
    }
    if (line.line === 'end') return this.#finish(line.end, text)
    this.#hash.update(text).update('\n')
    this.#take(line, text)
  }

  /** What was loaded. @throws Malformed when the dump was empty. */
  finish(): DumpEnd {
    if (this.#end === undefined) throw new Malformed('there is no line')
    return this.#end
  }

  async close(): Promise<void> {
    await this.#book?.close()
  }

  #take(line: Exclude<DumpLine, { line: 'end' }>, text: string): void {
    switch (line.line) {
      case 'header':
        if (this.#book !== undefined) throw new Malformed('a second header')
        this.#book = new BookImport({ ...this.#place, shard: line.shard })
        return
      case 'group':
        this.#endGroup()
        return this.#beginGroup(line.group, text)
      case 'request':
        return this.#beginRequest(line.request, text)
      case 'event':
        return this.#event(line, text)
    }
  }

  #beginGroup(head: GroupHead, text: string): void {
    const releases = this.#opened.begin(head.timestamp, head.rules)
    const { sequence: firstSequence, timestamp, salt, rules: rulesVersion, ...counts } = head
    this.#compare(groupLine({ firstSequence, timestamp, salt, rulesVersion, ...counts }), text)
    if (firstSequence !== this.#opened.lastSequence - releases + 1) {
      throw new Malformed(`the group should begin with ${this.#opened.lastSequence - releases + 1}`)
    }
    this.#group = { head, requests: 0, events: 0, releases }
    this.#counts.groups++
  }

  #beginRequest(head: RequestHead, text: string): void {
    const group = this.#openGroup
    this.#noRequest()
    if (group.events < group.releases) throw new Malformed('a hold that fell due has no line')
    if (head.events < 1) throw new Malformed('a request has at least one event')
    this.#compare(requestLine({ ...head }), text)
    this.#request = { head, commands: [], lines: [] }
    group.requests++
    this.#counts.requests++
  }

  #event({ kind, asked }: Extract<DumpLine, { line: 'event' }>, text: string): void {
    const request = this.#request
    if (request === undefined) return this.#release(text)
    if (asked === undefined) throw new Malformed('it does not say what was asked')
    request.commands.push(commandOf(kind, asked))
    request.lines.push(text)
    if (request.commands.length < request.head.events) return
    this.#request = undefined
    const { envelope, keys } = request.head
    const first = this.#opened.decide({ envelope, keys, commands: request.commands })
    for (const [index, line] of request.lines.entries()) {
      const record = this.#opened.record(first + index)
      const again = eventLine({ record, command: request.commands[index] }, this.#accountId)
      this.#compare(again, line, request.lines.length - 1 - index)
    }
    this.#told(request.lines.length)
  }

  /** A hold that fell due: nobody asked for it. */
  #release(text: string): void {
    const group = this.#openGroup
    if (group.events >= group.releases) throw new Malformed('the event belongs to no request')
    const record = this.#opened.record(group.events)
    this.#compare(eventLine({ record, command: undefined }, this.#accountId), text)
    this.#told(1)
  }

  #told(events: number): void {
    this.#openGroup.events += events
    this.#counts.events += events
  }

  #endGroup(): void {
    const group = this.#group
    if (group === undefined) return
    this.#noRequest()
    const { head } = group
    if (head.requests !== group.requests || head.events !== group.events) {
      throw new Malformed(
        `the group before has ${group.requests} requests and ${group.events} events, not ${head.requests} and ${head.events}`,
      )
    }
    this.#opened.end(head.salt)
    this.#group = undefined
  }

  #finish(end: DumpEnd & { sha256: string }, text: string): void {
    this.#endGroup()
    const { lastSequence } = this.#opened
    const { sha256, ...told } = end
    const found = { ...this.#counts, lastSequence, ...this.#opened.hashes() }
    if (this.#hash.digest('hex') !== sha256) {
      throw new Malformed('the SHA-256 of the lines before is another one')
    }
    for (const [name, value] of Object.entries(found)) {
      const said = told[name as keyof DumpEnd]
      if (said !== value) throw new Malformed(`${name} is ${value}, and the line says ${said}`)
    }
    if (text !== JSON.stringify(JSON.parse(text))) throw new Malformed('it is not in its one form')
    this.#end = found
  }

  /** @param after lines that were read since. */
  #compare(again: string, text: string, after = 0): void {
    if (again === text) return
    this.lines -= after
    let at = 0
    while (again[at] === text[at]) at++
    const part = (whole: string): string => whole.slice(Math.max(0, at - 20), at + 40)
    throw new Malformed(`it says …${part(text)}…, and deciding it again gives …${part(again)}…`)
  }

  #noRequest(): void {
    if (this.#request === undefined) return
    const { head, lines } = this.#request
    throw new Malformed(`the request before has ${lines.length} events, not ${head.events}`)
  }

  get #opened(): BookImport {
    if (this.#book === undefined) throw new Malformed('it comes before the header')
    return this.#book
  }

  get #openGroup(): OpenGroup {
    if (this.#group === undefined) throw new Malformed('it belongs to no group')
    return this.#group
  }

  readonly #accountId = (slot: number): bigint => this.#opened.accountId(slot)
}
