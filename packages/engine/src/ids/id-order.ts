/**
 * Whether ids come in order of time, so that new ones lie beyond those that are sealed. Filters answer for ids that lie among
 * others; where hardly any does, making filters costs more than the few reads that they would spare.
 */
import { BEHIND_SHARE, ENTRY_WORDS } from './limits.ts'
import { compareKeys, type Rows } from './rows.ts'

/**
 * @param rows as they came. @param older the largest key of older runs, four words.
 * @returns whether nearly all ids of the younger half lie beyond `older` and beyond the whole older half.
 */
export function comeInOrder({ words, count }: Rows, older: Uint32Array): boolean {
  const middle = (count >>> 1) * ENTRY_WORDS
  const end = count * ENTRY_WORDS
  const largest = Uint32Array.from(older)
  for (let at = 0; at < middle; at += ENTRY_WORDS) {
    if (compareKeys(words, at, largest, 0) > 0) copyKey(words, at, largest)
  }
  let behind = 0
  for (let at = middle; at < end; at += ENTRY_WORDS) {
    if (compareKeys(words, at, largest, 0) <= 0) behind++
  }
  return behind * BEHIND_SHARE <= count - (count >>> 1)
}

// A `set` for each of millions of ids in order would make a view for each.
function copyKey(words: Uint32Array, at: number, to: Uint32Array): void {
  for (let word = 0; word < 4; word++) to[word] = words[at + word] ?? 0
}
