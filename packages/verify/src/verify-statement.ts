/**
 * A statement's page, checked by somebody who does not trust its script: the proof inside, and then what the page shows around it. A page
 * whose proof holds may still show other digits.
 */
import { Checklist } from './report.ts'
import { type PolicyOptions, trustPolicy } from './policy.ts'
import { SHEET_VERSION, sheetOf } from './statement-html/sheet.ts'
import { pageFaults, type ShownText } from './statement-page.ts'
import { type AccountReport, verifyAccountProof } from './verify-account.ts'
import type { TrustPolicy } from './open-checkpoint.ts'

/** `[^<]`: in JSON that stands in a page, this character is always escaped. */
const PROOF_IN_PAGE = /<script type="application\/json" id="proof">([^<]*)<\/script>/
const TRUST_IN_PAGE = /<script type="application\/json" id="trust">([^<]*)<\/script>/
const SHEET = /<main>\n[^]*?<\/main>/
const SHOWN = /data-shows="([^"]*)">([^<]*)</g
const VERSION = /<meta name="generator" content="tally-verify, sheet ([0-9]+)">/

/** The document inside of a page. @returns undefined when the text is no such page */
export function embeddedProof(page: string): string | undefined {
  return PROOF_IN_PAGE.exec(page)?.[1]
}

/**
 * The checks of the proof inside, and `page`: what it shows is what is proved, and the keys that it shows are the policy's. The script of
 * the page is not read: this verifier does its work.
 * @param text a page, or a document alone
 * @throws AmbiguousKeys, Ed25519Missing: then nothing can be said
 */
export async function verifyStatement(text: string, policy: TrustPolicy): Promise<AccountReport> {
  const proof = embeddedProof(text)
  if (proof === undefined) return verifyAccountProof(text, policy)
  const report = await verifyAccountProof(proof, policy)
  const { said } = report
  if (said === undefined) return report
  const list = new Checklist()
  const trust = trustIn(text)
  if (trust === undefined) {
    list.fail('page', 'The page does not say with which keys it checks.')
  } else {
    checkKeys(list, trust, policy)
    checkShown(list, text, { report, trust })
  }
  const checks = [...report.checks, ...list.checks]
  return { proved: report.proved && list.proved, checks, said }
}

function trustIn(text: string): PolicyOptions | undefined {
  try {
    const trust = JSON.parse(TRUST_IN_PAGE.exec(text)?.[1] ?? '') as PolicyOptions
    trustPolicy(trust)
    return trust
  } catch {
    return undefined
  }
}

/** A reader may copy a key from the page: it has to be one that he trusts already. */
function checkKeys(list: Checklist, trust: PolicyOptions, { logKeys }: TrustPolicy): void {
  const known = new Set(logKeys.map(({ publicKey }) => publicKey.toHex()))
  const strange = trustPolicy(trust).logKeys.filter(
    ({ publicKey }) => !known.has(publicKey.toHex()),
  )
  if (strange.length === trust.keys.length) {
    list.fail('page', 'The page checks with other keys than those that you gave.')
  }
}

function checkShown(
  list: Checklist,
  text: string,
  { report, trust }: { report: AccountReport; trust: PolicyOptions },
): void {
  const { said } = report
  if (said === undefined) return
  const sheet = SHEET.exec(text)?.[0] ?? ''
  const shown = [...sheet.matchAll(SHOWN)].map(([, name = '', inside = '']): ShownText => ({
    name,
    text: unescaped(inside),
  }))
  const isOfThisVersion = VERSION.exec(text)?.[1] === `${SHEET_VERSION}`
  const isAsMade = !isOfThisVersion || sheet === sheetOf(said, trust)
  const told = new Set(report.checks.map(({ sentence }) => sentence))
  const faults = pageFaults(report, trust, { shown, isAsMade }).filter(
    ({ sentence }) => !told.has(sentence),
  )
  for (const { sentence } of faults) list.fail('page', sentence)
  if (faults.length > 0 || !report.proved) return
  list.pass(
    'page',
    isOfThisVersion
      ? 'What the page shows is what its proof says, to the byte.'
      : 'Every text of the page is what its proof says. It has the layout of another version: whether it is complete, read below.',
  )
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" } as const

function unescaped(text: string): string {
  return text.replaceAll(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ENTITIES[name as keyof typeof ENTITIES],
  )
}
