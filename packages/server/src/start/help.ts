/** The text of `--help`, from the table of settings. */
import type { Listen, Setting } from './setting.ts'
import { SETTINGS } from './settings.ts'

const EXAMPLES = `Examples:
  npm start                                          data in ./data, on http://127.0.0.1:7411
  npm start -- --data /var/lib/tally --keys /etc/tally
  npm start -- --listen 0.0.0.0:7411 --admin-listen 127.0.0.1:7412
  TALLY_LISTEN=[::1]:8000 npm start`

export function helpText(version: string): string {
  const rows = Object.values<Setting<unknown>>(SETTINGS).map((row) => {
    const flag = row.flag === undefined ? '' : `--${row.flag} ${row.value}`.trimEnd()
    return `  ${flag.padEnd(29)} ${row.env}\n      ${row.about}${defaultOf(row)}`
  })
  return [
    `Tallystick ${version}: a money ledger, served over HTTP.`,
    '',
    'Settings, as a flag or in the environment; flags win:',
    ...rows,
    `  ${'--help, --version'.padEnd(29)}`,
    '      This text; the version.',
    '',
    EXAMPLES,
    '',
    'Exit codes: 0 stopped in order, 1 failed, 2 a setting is wrong, 3 the data directory is in use, 4 the data is damaged.',
    '',
  ].join('\n')
}

/** Empty where there is none, or where the sentence about the setting says it in words. */
function defaultOf({ about, fallback }: Setting<unknown>): string {
  if (fallback === undefined || about.includes('Default: ')) return ''
  return ` Default: ${shown(fallback)}.`
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',')
  if (typeof value !== 'object' || value === null) return String(value)
  const { host, port } = value as Listen
  return `${host}:${port}`
}
