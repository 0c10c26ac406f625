/**
 * The script of a statement's page. It stands behind the verifier, in one module with it, and only carries texts between the page and the
 * verifier's functions: what is right is decided there.
 */

export const PAGE_SCRIPT = `
const byId = (id) => document.getElementById(id)
const all = (selector) => [...document.querySelectorAll(selector)]
const title = document.title

function element(name, text, children = []) {
  const made = document.createElement(name)
  made.textContent = text
  made.append(...children)
  return made
}

function say(state, word, sentence, ...details) {
  byId('verdict').dataset.state = state
  byId('said').replaceChildren(element('strong', sentence), ...details)
  document.title = word + ': ' + title
}

function shownTexts() {
  const texts = all('[data-shows]').map((shown) => ({ name: shown.dataset.shows, text: shown.textContent }))
  const strange = all('tbody tr').filter((row) => row.dataset.entry === undefined && row.dataset.edge === undefined)
  return [...texts, ...strange.map((row) => ({ name: '', text: row.textContent.replace(/\\s+/g, ' ').trim() }))]
}

// Texts may all be right and stand in the wrong place, or be hidden.
function isAsMade(sheet) {
  const made = new DOMParser().parseFromString(sheet, 'text/html').querySelector('main')
  const others = [...document.body.children].filter(({ localName }) => localName !== 'script')
  return others.length === 1 && others[0].isEqualNode(made)
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
  row.id = 'row-' + (row.dataset.entry ?? fault.name)
  const why = element('tr', '', [element('td', fault.sentence)])
  why.className = 'why'
  why.firstChild.colSpan = 5
  row.after(why)
  const fold = row.closest('details')
  if (fold !== null) fold.open = true
  const link = element('a', 'show')
  link.href = '#' + row.id
  item.append(' ', link)
  return item
}

function facts(pairs) {
  return element('dl', '', pairs.map(([name, ...values]) => element('div', '', [element('dt', name), ...values])))
}

function link(text, to) {
  const made = element('a', text)
  made.href = to
  return made
}

function tellProved(said, given) {
  const { signers, witnesses, entries, complete } = verdictTexts(said)
  const key = given === undefined
    ? element('dd', 'not compared yet: this proves nothing about who holds it. ', [link('Compare', '#keys')])
    : element('dd', given)
  const cosigned = witnesses.length === 0 ? [element('dd', 'none was asked for')] : witnesses.map((text) => element('dd', text))
  const how = 'Checked by this page on this device, without a network: ' + entries
  say('proved', 'Verified', given === undefined ? 'Verified: nothing altered, nothing missing' : 'Verified with the key that you gave: nothing altered, nothing missing',
    element('p', how),
    facts([['Signed by', ...signers.map((text) => element('dd', text))], ['Witnesses', ...cosigned], ['Complete', element('dd', complete)], ['Key', key]]))
}

function tell(report, faults) {
  byId('checks').replaceChildren(...report.checks.map(({ holds, sentence }) => element('li', (holds ? '✓ ' : '✗ ') + sentence)))
  if (faults.length === 0) return tellProved(report.said)
  say('wrong', 'Altered', 'Not verified: something here was altered', element('ul', '', faults.map(mark)))
}

async function compare(text, trust, report, isWhole) {
  const { isSame, isKey, sentence } = await confirmKey(byId('proof').textContent, trust, text)
  byId('compared').textContent = sentence
  byId('compared').dataset.state = isSame ? 'proved' : 'wrong'
  if (!isWhole) return
  if (isSame) return tellProved(report.said, sentence)
  if (isKey) say('wrong', 'Not verified', 'Not verified: not signed with the key that you gave', element('p', sentence))
}

async function check() {
  const trust = JSON.parse(byId('trust').textContent)
  // A page may have been taken apart: what it shows is read before anything in it is changed.
  const shown = shownTexts()
  const report = await verifyAccountProof(byId('proof').textContent, trustPolicy(trust))
  const isMade = report.said !== undefined && isAsMade(sheetOf(report.said, trust))
  const faults = pageFaults(report, trust, { shown, isAsMade: isMade })
  tell(report, faults)
  const go = () => compare(byId('given').value, trust, report, faults.length === 0)
  byId('compare').addEventListener('click', go)
  byId('given').addEventListener('keydown', ({ key }) => key === 'Enter' && go())
}

check().catch((error) => {
  const isMissing = error.name === 'Ed25519Missing'
  const sentence = isMissing ? 'Not checked: this browser cannot verify signatures' : 'Not verified: the page cannot be read'
  say(isMissing ? 'unable' : 'wrong', 'Not checked', sentence, element('p', error.message))
})
`
