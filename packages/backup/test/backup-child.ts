/** Backs a directory up at a rate, or follows it, as a process of its own that can be killed. */
import { backUp, followBackup, openStore } from '../src/index.ts'

const [mode = '', directory = '', destination = '', rate = ''] = process.argv.slice(2)
const store = await openStore(destination)
const options = {
  ...{ directory, store },
  ...(rate === '' ? {} : { bytesPerSecond: Number(rate) }),
  onProgress: () => void process.stdout.write('progress\n'),
}
const { signal } = endOn('SIGTERM')
const report =
  mode === 'follow' ? await followBackup({ ...options, signal }) : await backUp(options)
process.stdout.write(`done ${report.sequence} ${report.bytes} ${report.found}\n`)

function endOn(name: NodeJS.Signals): AbortController {
  const controller = new AbortController()
  process.once(name, () => controller.abort())
  return controller
}
