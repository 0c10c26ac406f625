/**
 * A cut: the whole state as it was at one sequence, read page by page while commands go on. Pages that change
 * before they were read are kept aside as they were. A snapshot file is a cut's head and its pages.
 */
import { accessOfText, accessText } from '@tallystick/access'
import { assert } from '@tallystick/money'
import { rulesOfText, rulesText } from '@tallystick/rules'

import { PAGE_BYTES, type PagedTable } from './paged-table.ts'
import type { State } from './state.ts'

/** Of the pages' content: 2 since a row holds the newest roots of its chain. A snapshot of another version is made again from the book. */
const VERSION = 2

/** What a cut's head says; ids and touches are not in it: they are read from the book again. */
interface Head {
  readonly version: typeof VERSION
  readonly lastSequence: number
  readonly transfers: number
  readonly lastTimestamp: string
  readonly digest: readonly number[]
  readonly accounts: number
  readonly deep: number
  readonly arenaUnits: number
  readonly subtrees: number
  readonly holdRows: number
  /** Pages of each table, in order. */
  readonly pages: readonly number[]
  readonly assets: readonly (readonly [number, string])[]
  readonly booksOfAssets: readonly (readonly [number, string])[]
  readonly booksOfSubtrees: readonly (readonly [number, string])[]
  /** Absent as long as nobody was given a right, and in snapshots of releases that knew none. */
  readonly access?: string
  /** Likewise, of rules. */
  readonly rules?: string
}

export class Cut {
  readonly #state: State
  readonly #pages: readonly { readonly table: PagedTable; readonly page: number }[]
  /** The sequence at which the state was cut. */
  readonly sequence: number
  /** Everything that is not in pages, as UTF-8 JSON. */
  readonly head: string

  constructor(state: State) {
    this.#state = state
    this.sequence = state.lastSequence
    this.head = JSON.stringify(headOf(state))
    this.#pages = tables(state).flatMap((table) =>
      Array.from({ length: table.beginCut() }, (_, page) => ({ table, page })),
    )
  }

  get pageCount(): number {
    return this.#pages.length
  }

  /** Copies page `n`, 64 KiB as it was at the cut. Each page once. */
  read(n: number, into: Uint8Array): void {
    assert(into.length === PAGE_BYTES, 'a page is 64 KiB')
    const entry = this.#pages[n]
    assert(entry !== undefined, 'the page exists')
    entry.table.copyPage(entry.page, into)
  }

  /** Bytes kept aside because they changed before they were read. */
  get keptBytes(): number {
    return tables(this.#state).reduce((bytes, table) => bytes + table.keptBytes, 0)
  }

  /** Lets go, whether everything was read or not. */
  end(): void {
    for (const table of tables(this.#state)) table.endCut()
  }
}

function tables(state: State): PagedTable[] {
  const { accounts, holds, subtrees } = state
  return [accounts.rows, accounts.deep, accounts.arena.table, subtrees.rows, holds.rows]
}

function headOf(state: State): Head {
  const { accounts, books } = state
  return {
    version: VERSION,
    lastSequence: state.lastSequence,
    transfers: state.transferCount,
    lastTimestamp: String(state.lastTimestamp),
    digest: [...state.digest],
    accounts: accounts.count,
    deep: accounts.deepCount,
    arenaUnits: accounts.arena.units,
    subtrees: state.subtrees.count,
    holdRows: state.holds.used,
    pages: tables(state).map((table) => table.pageCount),
    assets: [...state.assetNames],
    booksOfAssets: [...books.assets].map(([asset, until]) => [asset, String(until)]),
    booksOfSubtrees: [...books.subtrees].map(([slot, until]) => [slot, String(until)]),
    ...(state.access.version === 0 ? {} : { access: accessText(state.access.save()) }),
    ...(state.rules.isEmpty ? {} : { rules: rulesText(state.rules.save()) }),
  }
}

/** Fills an empty state from a cut. `read` copies page `n` of it. */
export function loadCut(
  state: State,
  head: string,
  read: (n: number, into: Uint8Array) => void,
): void {
  const from = JSON.parse(head) as Head
  assert(from.version === VERSION, 'the snapshot has a known version')
  const { accounts, books, holds, subtrees } = state
  accounts.load(from)
  accounts.arena.load(from.arenaUnits)
  subtrees.load(from.subtrees)
  holds.load(from.holdRows)
  let n = 0
  const page = new Uint8Array(PAGE_BYTES)
  for (const [index, table] of tables(state).entries()) {
    for (let at = 0; at < (from.pages[index] ?? 0); at++) {
      read(n++, page)
      // Pages behind the last row are what an undone chain had used.
      if (at < table.pageCount) table.loadPage(at, page)
    }
  }
  accounts.reindex()
  holds.reindex()
  state.lastSequence = from.lastSequence
  state.transferCount = from.transfers
  state.lastTimestamp = BigInt(from.lastTimestamp)
  state.digest.set(from.digest)
  for (const [number, name] of from.assets) {
    state.assetNames.set(number, name)
    state.assetNumbers.set(name, number)
  }
  if (from.access !== undefined) state.access.load(accessOfText(from.access))
  if (from.rules !== undefined) state.rules.load(rulesOfText(from.rules))
  for (const [asset, until] of from.booksOfAssets) books.set({ asset }, BigInt(until))
  for (const [slot, until] of from.booksOfSubtrees) books.set({ slot }, BigInt(until))
}
