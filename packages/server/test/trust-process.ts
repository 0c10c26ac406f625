/**
 * A process that counts in a record file, to be killed or to be raced against: `node trust-process.ts FILE COUNT`. It says each
 * number once that number is durable.
 */
import { writeSync } from 'node:fs'

import { RecordFile } from '../src/trust/record-file.ts'

const [path = '', count = '0'] = process.argv.slice(2)
const file = new RecordFile(path)

for (let done = 0; done < Number(count);) {
  const text = await file.read()
  const next = Number(text ?? '0') + 1
  if (!(await file.replace(text, `${next}`))) continue
  done++
  writeSync(1, `${next}\n`)
}
