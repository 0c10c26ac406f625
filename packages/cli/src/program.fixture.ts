/** Runs `tally` in a test and keeps what it wrote. */
import { runTally } from './program.ts'

export interface Captured {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface Surroundings {
  readonly cwd?: string
  readonly variables?: Readonly<Record<string, string>>
  readonly isTTY?: boolean
}

export async function captured(
  argv: readonly string[],
  { cwd = '/nowhere', variables = {}, isTTY = false }: Surroundings = {},
): Promise<Captured> {
  const texts = { stdout: '', stderr: '' }
  const sink = (name: 'stdout' | 'stderr') => ({
    isTTY,
    columns: 120,
    write: (text: string) => {
      texts[name] += text
    },
  })
  const code = await runTally(argv, {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    cwd,
    variables,
    interruption: () => new AbortController().signal,
  })
  return { code, ...texts }
}
