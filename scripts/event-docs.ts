/**
 * Writes the tables and JSON Schemas of docs/events.md from the contract: everything below its mark. What stands above is written by hand.
 * `node scripts/event-docs.ts` after every change of an event.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { EVENT_DATA, EVENT_TYPES, eventSchema, type EventType } from '@tallystick/contract'

import { ROOT } from './source-files.ts'

const PATH = join(ROOT, 'docs/events.md')
const MARK = '<!-- From here on the page is written by `node scripts/event-docs.ts`. -->'

interface Schema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** The page with its generated part made anew. */
export function eventPage(page: string): string {
  const [prose, ...rest] = page.split(MARK)
  if (prose === undefined || rest.length !== 1) throw new Error('docs/events.md has lost its mark')
  return `${prose}${MARK}\n\n${EVENT_TYPES.map(section).join('\n')}`
}

function section(type: EventType): string {
  const data = plain(EVENT_DATA[type])
  const rows = Object.entries(data.properties ?? {}).map(([name, field]) => {
    const isAlways = data.required?.includes(name) === true
    return `| \`${name}\`${isAlways ? '' : ' (not always)'} | ${kindOf(field)} | ${cell(field.description ?? '')} |`
  })
  return `## ${type}

${data.description ?? ''}

| field of \`data\` | | |
| --- | --- | --- |
${rows.join('\n')}

<details><summary>JSON Schema of the whole event</summary>

\`\`\`json
${JSON.stringify(plain(eventSchema(type)))}
\`\`\`

</details>
`
}

function kindOf(field: Schema): string {
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``
  if (field.anyOf !== undefined) return field.anyOf.map(kindOf).join(' or ')
  if (field.enum !== undefined)
    return field.enum.map((each) => `\`${JSON.stringify(each)}\``).join(', ')
  if (field.items !== undefined) return `list of ${kindOf(field.items)}`
  return field.title ?? field.type ?? ''
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** As it is published: whoever reads events lets fields be added. */
function plain(schema: object): Schema {
  const text = JSON.stringify(schema, (name, value: unknown) =>
    name === 'additionalProperties' ? undefined : value,
  )
  return JSON.parse(text) as Schema
}

if (import.meta.main) writeFileSync(PATH, eventPage(readFileSync(PATH, 'utf8')))
