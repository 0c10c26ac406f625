/** What others wrote, made harmless for a terminal: no text may move the cursor, colour the screen or answer for the keyboard. */

/** Control characters as `\u001b`; line feeds stay where `lines` says so. */
export function printable(text: string, { lines = false } = {}): string {
  return text.replaceAll(/\p{Control}/gu, (character) => {
    if (lines && character === '\n') return character
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
