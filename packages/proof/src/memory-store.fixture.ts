/** A text store in memory, which two signers may share as two processes share a file. */
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { TextStore } from './text-store.ts'

export class MemoryStore implements TextStore {
  text: string | undefined

  async read(): Promise<string | undefined> {
    await nextTurn()
    return this.text
  }

  async replace(expected: string | undefined, next: string): Promise<boolean> {
    await nextTurn()
    if (this.text !== expected) return false
    this.text = next
    return true
  }
}
