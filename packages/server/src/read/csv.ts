/** Lines of CSV (RFC 4180), safe to open in a spreadsheet. */

/** Text that came from outside: never a formula, whatever it begins with. */
export function cell(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

/** RFC 4180. */
export function lineOf(cells: readonly string[]): string {
  const quoted = cells.map((text) =>
    /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
  )
  return `${quoted.join(',')}\r\n`
}
