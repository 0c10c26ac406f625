#!/usr/bin/env node
/** Entry of the server: `npm start`. */
import { runServer } from './start/run.ts'

process.exitCode = await runServer(process.argv.slice(2), process.env)
