/**
 * Builds the threads of a package with it: whatever a source starts by `new Worker(new URL('./x.ts', import.meta.url))`
 * becomes a file `x.js` beside the one that starts it.
 */
import { basename, dirname, resolve } from 'node:path'
import type { Rolldown } from 'tsdown'

const STARTED = /new Worker\(\s*new URL\('(?<path>\.[\w./-]+)\.ts', import\.meta\.url\)/g

export function buildThreads(): Rolldown.Plugin {
  return {
    name: 'build-threads',
    transform(code, id) {
      const threads = [...code.matchAll(STARTED)].map(({ groups }) => groups?.['path'] ?? '')
      for (const path of threads) {
        const fileName = `${basename(path)}.js`
        this.emitFile({ type: 'chunk', id: resolve(dirname(id), `${path}.ts`), fileName })
        code = code.replace(`new URL('${path}.ts'`, `new URL('./${fileName}'`)
      }
      return threads.length === 0 ? undefined : { code, map: null }
    },
  }
}
