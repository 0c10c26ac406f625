/** Checkpoints as people have them in files. */
import { readFileSync } from 'node:fs'

/** A signed note as it is; or of the lines that `--checkpoints-to FILE` writes, the newest whole one. */
export function readCheckpoint(path: string): string {
  const text = readFileSync(path, 'utf8')
  if (!text.trimStart().startsWith('{"checkpoint"')) return text
  const notes = text.split('\n').flatMap((line) => noteOf(line))
  return notes.at(-1) ?? text
}

function noteOf(line: string): string[] {
  try {
    const { checkpoint } = JSON.parse(line) as { readonly checkpoint?: unknown }
    return typeof checkpoint === 'string' ? [checkpoint] : []
  } catch {
    // Cut off by a crash; the next line is whole.
    return []
  }
}
