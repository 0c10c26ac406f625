/** Numbers as lines of blocks, the longest as wide as there is room. */
const WIDTH = 40
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

export interface Bar {
  readonly label: string
  /** Not negative. */
  readonly value: number
}

export function barChart(bars: readonly Bar[]): string {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  const labels = Math.max(0, ...bars.map(({ label }) => label.length))
  return bars
    .map(({ label, value }) => `${label.padEnd(labels)}  ${blocks(value / most)} ${value}`)
    .join('\n')
}

/** What is not nothing is seen. */
function blocks(part: number): string {
  const eighths = Math.ceil(part * WIDTH * 8)
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
}
