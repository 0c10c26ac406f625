/** All commands of `tally`, and one run of it. */
import { Command, CommanderError } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { addAccess } from './commands/access.ts'
import { addAudit } from './commands/audit.ts'
import { addApprovals } from './commands/approvals.ts'
import { addCeilings } from './commands/ceilings.ts'
import { addIdentities } from './commands/identities.ts'
import { addAccount } from './commands/account.ts'
import { addBackup, addRestore } from './commands/backup.ts'
import { addBalance, addTotals } from './commands/balance.ts'
import { addBench } from './commands/bench.ts'
import { addCompletion } from './commands/completion.ts'
import { addErase } from './commands/erase.ts'
import { addDump, addLoad } from './commands/dump.ts'
import { addEvents } from './commands/events.ts'
import { addExport } from './commands/export.ts'
import { addImport } from './commands/import.ts'
import { addLog } from './commands/log.ts'
import { addMovements } from './commands/movements.ts'
import { addPlay } from './commands/play.ts'
import { addQuery } from './commands/query.ts'
import { addProof } from './commands/proof.ts'
import { addCheck } from './commands/check.ts'
import { addRebuild } from './commands/rebuild.ts'
import { addReceipt } from './commands/receipt.ts'
import { addReport } from './commands/report.ts'
import { addRepair } from './commands/repair.ts'
import { addRules } from './commands/rules.ts'
import { addSample } from './commands/sample.ts'
import { addRequests } from './commands/requests.ts'
import { addStart } from './commands/start.ts'
import { addStatement } from './commands/statement.ts'
import { addStatus } from './commands/status.ts'
import { addTail } from './commands/tail.ts'
import { addTrace } from './commands/trace.ts'
import { addVerify } from './commands/verify.ts'
import { addWebhooks } from './commands/webhooks.ts'
import { addWitness } from './commands/witness.ts'
import { ExitCode } from './exit-code.ts'
import { PROGRAM_HELP } from './help.ts'
import { type Io, Shell } from './shell.ts'

function buildProgram(shell: Shell): Command {
  const { stdout, stderr } = shell.io
  const program = new Command('tally')
    .description('Start, fill, inspect and verify a Tallystick ledger.')
    .version(manifest.version)
    .option('--url <url>', 'server (TALLY_URL)')
    .option('--key <key>', 'API key (TALLY_KEY)')
    .option('--initiator <principal>', 'on whose behalf: with what both may do')
    .option('--json', 'answers as JSON: one object, or one per line for lists')
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    })
    .showHelpAfterError('(tally --help, or tally COMMAND --help, shows how)')
    .addHelpText('after', PROGRAM_HELP)
    .exitOverride()
  const add = [
    addStart,
    addStatus,
    addAccount,
    addMovements,
    addBalance,
    addTotals,
    addStatement,
    addTail,
    addEvents,
    addWebhooks,
    addTrace,
    addRequests,
    addReceipt,
    addProof,
    addErase,
    addAccess,
    addRules,
    addAudit,
    addIdentities,
    addCeilings,
    addApprovals,
    addImport,
    addExport,
    addVerify,
    addWitness,
    addLog,
    addBackup,
    addRestore,
    addRepair,
    addQuery,
    addReport,
    addRebuild,
    addCheck,
    addDump,
    addLoad,
    addPlay,
    addSample,
    addBench,
    addCompletion,
  ]
  for (const each of add) each(program, shell)
  return program
}

/** @param argv without `node` and the script. */
export async function runTally(argv: readonly string[], io: Io): Promise<ExitCode> {
  const shell = new Shell(io)
  try {
    await buildProgram(shell).parseAsync(argv, { from: 'user' })
    return shell.exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Help and version were asked for; everything else is a wrong command line, and has been said.
    return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage
  }
}
