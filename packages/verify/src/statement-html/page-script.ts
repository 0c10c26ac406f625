/**
 * The script of a statement's page. It stands behind the verifier, in one module with it, and only carries texts between the page and the
 * verifier's functions: what is right is decided there.
 */

export const PAGE_SCRIPT = `
const byId = (id) => document.getElementById(id)
const all = (selector) => [...document.querySelectorAll(selector)]

function element(name, text, children = []) {
  const made = document.createElement(name)
  made.textContent = text
  made.append(...children)
  return made
}

function say(state, title, ...details) {
  byId('verdict').dataset.state = state
  byId('verdict').replaceChildren(element('strong', title), ...details)
  document.title = document.title.replace(/^(Proved|Altered): /, '')
  if (state === 'proved') document.title = 'Proved: ' + document.title
  if (state === 'wrong') document.title = 'Altered: ' + document.title
}

function shownTexts() {
  const texts = all('[data-shows]').map((shown) => ({ name: shown.dataset.shows, text: shown.textContent }))
  const strange = all('tbody tr').filter((row) => row.dataset.entry === undefined && row.dataset.edge === undefined)
  return [...texts, ...strange.map((row) => ({ name: '', text: row.textContent.replace(/\\s+/g, ' ').trim() }))]
}

function rowOf({ entry, name, place }) {
  const shown = name === undefined ? undefined : all('[data-shows]').find((one) => one.dataset.shows === name)
  if (shown !== undefined) shown.classList.add('wrong')
  const row = shown?.closest('tr') ?? all('tr[data-entry]').find((one) => one.dataset.entry === entry)
  return row ?? (place === undefined ? undefined : all('tr[data-entry]')[place])
}

function mark(fault) {
  const item = element('li', fault.sentence)
  const row = rowOf(fault)
  if (row === undefined) return item
  row.classList.add('altered')
  row.id = 'row-' + row.dataset.entry
  const why = element('tr', '', [element('td', fault.sentence)])
  why.className = 'why'
  why.firstChild.colSpan = 4
  row.after(why)
  const fold = row.closest('details')
  if (fold !== null) fold.open = true
  const link = element('a', ' show')
  link.href = '#' + row.id
  item.append(link)
  return item
}

function tell(report, faults) {
  byId('checks').replaceChildren(...report.checks.map(({ holds, sentence }) => element('li', (holds ? '✓ ' : '✗ ') + sentence)))
  if (faults.length === 0) {
    const { length } = report.said.entries
    const none = 'signatures, ' + length + (length === 1 ? ' entry' : ' entries') + ' and all balances hold, and no entry is missing.'
    return say('proved', 'Proved', element('p', 'Checked by this page on this device, without a network: ' + none))
  }
  const list = element('ul', '', faults.map(mark))
  say('wrong', 'Not proved: something here was altered', list)
}

async function check() {
  const trust = JSON.parse(byId('trust').textContent)
  // A page may have been taken apart: what it shows is read before anything in it is changed.
  const shown = shownTexts()
  const report = await verifyAccountProof(byId('proof').textContent, trustPolicy(trust))
  tell(report, pageFaults(report, trust, shown))
}

if (Uint8Array.fromBase64 === undefined) {
  say('unable', 'Not checked', element('p', 'This browser is too old to check the proof: it lacks Uint8Array.fromBase64. Open the page in a newer one, or give the file to tally-verify.'))
} else {
  check().catch((error) => {
    const isMissing = error.name === 'Ed25519Missing'
    const state = isMissing ? 'unable' : 'wrong'
    say(state, isMissing ? 'Not checked: this browser cannot verify signatures' : 'Not proved: the page cannot be read', element('p', error.message))
  })
}
`
