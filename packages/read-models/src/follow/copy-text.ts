/** Values as the text format of COPY has them: columns with tabs between, `\N` for null. */

export const NULL = String.raw`\N`

/** What may hold anything: a backslash, a tab or the end of a line would be taken for COPY's own. */
export function copyText(text: string): string {
  if (!/[\\\t\n\r]/.test(text)) return text
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', String.raw`\t`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
}
