/** Help texts: examples after every command, exit codes and settings after the program. */

/** @param lines commands, without the prompt. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`
}

export const PROGRAM_HELP = `
Settings (flag, environment, default):
  --url   TALLY_URL   http://127.0.0.1:7411
  --key   TALLY_KEY   the file keys/root.key in the current directory (TALLY_KEYS names another directory)
  TALLY_STATE         what was seen of servers' logs, default ~/.local/state/tallystick
  NO_COLOR            no colours, not even on a terminal

Exit codes:
  0   done
  1   refused by a rule; also a row, scenario or balance that did not come out as expected
  2   wrong command line, setting or file
  3   the server cannot be reached, is not ready, or the key is not valid or has not the right
  4   the data is corrupt
  5   there is no such account, transfer or hold
  6   done, but the server's log contradicts what was seen of it before; or it is not proved
  70  a bug in tally
  130 stopped by Ctrl-C

Examples:
  $ tally start
  $ tally account open users:1042:wallet --asset EUR/2 --debits-must-not-exceed-credits
  $ tally transfer world users:1042:wallet 100.00
  $ tally balance users:1042:wallet
  $ tally statement users:1042:wallet --month 2026-11
  $ tally sample bank > bookings.csv && tally import bookings.csv --map bank --check-balance balance_after`
