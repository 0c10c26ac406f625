/**
 * Statements as pages that prove themselves: an account's proof, the keys of the log and of its witnesses, and the verifier, in one file.
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

import { formatVerifierKey, type StatementPage } from '@tallystick/verify'

import { Refused } from '../http/refused.ts'
import { STATEMENT_PAGES_WAITING_MAX } from '../limits.ts'
import type { AccountProofQuestion, AccountProofs } from './account-proofs.ts'
import type { TrustLog } from './trust-log.ts'

export class StatementPages {
  readonly #proofs: AccountProofs
  readonly #trust: TrustLog
  #verifier: Promise<string> | undefined
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(proofs: AccountProofs, trust: TrustLog) {
    this.#proofs = proofs
    this.#trust = trust
  }

  /**
   * HTML. One is made at a time, in a thread of its own.
   * @throws Refused as `AccountProofs.document` does; Error when what was made does not hold
   */
  async page(question: AccountProofQuestion): Promise<string> {
    if (this.#waiting >= STATEMENT_PAGES_WAITING_MAX) {
      throw new Refused({
        code: 'overloaded',
        detail: 'Too many pages of statements are waited for.',
      })
    }
    this.#waiting++
    try {
      return await this.#page(question)
    } finally {
      this.#waiting--
    }
  }

  async #page(question: AccountProofQuestion): Promise<string> {
    const document = await this.#proofs.document(question)
    const verifier = await (this.#verifier ??= verifierText())
    const { keys, quorum, witnesses } = this.#trust.options
    const trust = { keys, witnesses: witnesses.keys.map(formatVerifierKey), quorum }
    const made = this.#last.then(() => pageInThread({ document, trust, verifier }))
    this.#last = made.catch(() => {})
    return made
  }
}

/** The file for browsers of the verifier that this server runs with. */
function verifierText(): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve('@tallystick/verify/browser'), 'utf8')
}

async function pageInThread(page: StatementPage): Promise<string> {
  const worker = new Worker(new URL('./statement-worker.ts', import.meta.url), { workerData: page })
  try {
    const [html] = (await once(worker, 'message')) as [string]
    return html
  } finally {
    await worker.terminate()
  }
}
