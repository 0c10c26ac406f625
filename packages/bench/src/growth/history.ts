/** Questions about the past of a large ledger: pages of entries, balances at a moment, thousands of rows. */
import { addressOf } from '../load/account-names.ts'
import { Xorshift } from '../load/random.ts'
import { Percentiles } from '../report/percentiles.ts'
import type { Asker } from './ask.ts'

const PAGE = 100
const LARGE_PAGE = 1_000
const PAGES_SEED = 7
const BALANCES_SEED = 8
const WARM_UP_SEED = 9

/** The ledger that is asked. */
export interface Past {
  readonly accounts: number
  /** ms since 1970: from the first transfer to the last. */
  readonly from: number
  readonly to: number
}

/** Entries before a moment: one page of them. */
export function pageQuestions(past: Past, count: number): string[] {
  return pagesFrom(past, count, PAGES_SEED)
}

/** Balances as they were right after a moment; other accounts and other moments than those of the pages. */
export function balanceQuestions(past: Past, count: number): string[] {
  return questions(past, count, BALANCES_SEED).map(
    ({ account, moment }) => `${account}/balance?at=${moment}`,
  )
}

/** Asked before anything is timed, so that the code that answers is compiled: pages of yet other accounts and moments. */
export function warmUpQuestions(past: Past, count: number): string[] {
  return pagesFrom(past, count, WARM_UP_SEED)
}

function pagesFrom(past: Past, count: number, seed: number): string[] {
  return questions(past, count, seed).map(
    ({ account, moment }) => `${account}/entries?limit=${PAGE}&to=${moment}`,
  )
}

function questions(
  past: Past,
  count: number,
  seed: number,
): { readonly account: string; readonly moment: string }[] {
  const random = new Xorshift(seed)
  return Array.from({ length: count }, () => ({
    account: `/v1/accounts/${addressOf(random.below(past.accounts))}`,
    moment: new Date(past.from + random.below(Math.max(1, past.to - past.from))).toISOString(),
  }))
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
