#!/usr/bin/env node
/** Entry of the server: `npm start`. */
import { collectLess } from './start/collect-less.ts'
import { runServer } from './start/run.ts'

collectLess()
process.exitCode = await runServer(process.argv.slice(2), process.env)
