/** Routing keys of events, and which patterns of a topic exchange they fit. */

/** What AMQP allows. */
const KEY_BYTES_MAX = 255

/** Key of an event and those under which it is found, too: one for each of its accounts. */
export function routingKeys(type: string, accounts: readonly string[]): readonly string[] {
  return accounts.length === 0 ? [type] : accounts.map((address) => routingKey(type, address))
}

/**
 * Type and address as words with dots between them; a dot inside of a segment is written as `~`, which no address has. Of what is too long
 * whole segments are left out at its end.
 */
function routingKey(type: string, address: string): string {
  let key = type
  for (const segment of address.split(':')) {
    const longer = `${key}.${segment.replaceAll('.', '~')}`
    if (longer.length > KEY_BYTES_MAX) break
    key = longer
  }
  return key
}

/** As a topic exchange decides it: `*` is one word, `#` any number of them. */
export function isMatch(pattern: string, key: string): boolean {
  return fits(pattern.split('.'), key.split('.'))
}

function fits(pattern: readonly string[], words: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return words.length === 0
  if (first === '#') {
    return words.length === 0
      ? fits(rest, words)
      : fits(rest, words) || fits(pattern, words.slice(1))
  }
  return words.length > 0 && (first === '*' || first === words[0]) && fits(rest, words.slice(1))
}
