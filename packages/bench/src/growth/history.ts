/** Questions about the past of a large ledger: pages of entries, balances at a moment, thousands of rows. */
import { addressOf } from '../load/account-names.ts'
import { Xorshift } from '../load/random.ts'
import { Percentiles } from '../report/percentiles.ts'
import type { Asker } from './ask.ts'

const PAGE = 100
const LARGE_PAGE = 1_000
const SEED = 7

/** The ledger that is asked. */
export interface Past {
  readonly accounts: number
  /** ms since 1970: from the first transfer to the last. */
  readonly from: number
  readonly to: number
}

/** The same questions again and again: the first time they may read the disk, the second time they need not. */
export function questions(past: Past, count: number): { pages: string[]; balances: string[] } {
  const random = new Xorshift(SEED)
  const pages: string[] = []
  const balances: string[] = []
  for (let index = 0; index < count; index++) {
    const account = random.below(past.accounts)
    const moment = new Date(
      past.from + random.below(Math.max(1, past.to - past.from)),
    ).toISOString()
    const path = `/v1/accounts/${addressOf(account)}`
    pages.push(`${path}/entries?limit=${PAGE}&to=${moment}`)
    balances.push(`${path}/balance?at=${moment}`)
  }
  return { pages, balances }
}

export async function askAll(asker: Asker, paths: readonly string[]): Promise<Percentiles> {
  const samples: number[] = []
  for (const path of paths) samples.push((await asker.get(path)).ms)
  return Percentiles.of(samples)
}

interface Page {
  readonly data: readonly unknown[]
  readonly next_cursor: string | null
}

/** Reads the newest rows of the busy account, page after page. */
export async function readRows(asker: Asker, rows: number): Promise<{ ms: number; rows: number }> {
  const path = `/v1/accounts/${addressOf(0)}/entries`
  let ms = 0
  let read = 0
  let cursor: string | null = ''
  while (read < rows && cursor !== null) {
    const limit = Math.min(LARGE_PAGE, rows - read)
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const asked = await asker.get(`${path}?limit=${limit}${after}`)
    const page = JSON.parse(asked.body) as Page
    ms += asked.ms
    read += page.data.length
    cursor = page.next_cursor
  }
  return { ms, rows: read }
}
