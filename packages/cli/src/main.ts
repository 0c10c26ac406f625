#!/usr/bin/env node
/** Entry of the `tally` command. */
import { Command } from 'commander'

const program = new Command('tally')
  .description('Start, fill, inspect and verify a Tallystick ledger.')
  .version('0.1.0')

await program.parseAsync()
