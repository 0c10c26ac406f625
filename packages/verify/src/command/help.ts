/** What `tally-verify --help` says. */

export const HELP = `tally-verify: checks what a Tallystick says, without trusting it. Needs nothing but Node.

Usage:
  tally-verify receipt FILE --key VKEY
      One event is in the log, and what the receipt opens of it is what was decided.
  tally-verify account FILE --key VKEY
      One account's entries between two moments: none is missing, and the balances follow. FILE is
      an account proof, or a statement in HTML that has one inside.
  tally-verify consistency OLDER NEWER --key VKEY (--tiles DIR_OR_URL | --proof FILE)
      Between two checkpoints that you kept, the log only grew. OLDER and NEWER are files.
  tally-verify full DIR_OR_URL --key VKEY [--checkpoint FILE] [--openings]
      Every entry and every hash of the log, up to its checkpoint or one that you kept. Where it shows
      what its entries commit to (openings), also every balance, hold and limit, and the trial balance.

Options:
  --key VKEY         The log's verifier key, from somebody you trust. Twice while the log changes its key.
  --witness VKEY     A witness's verifier key; may be repeated.
  --quorum N         How many of these witnesses must have cosigned. All of them by default.
  --tiles DIR_OR_URL Where the log's tiles lie: a directory, or an http or https address.
  --proof FILE       The hashes of a consistency proof, in base64, one on each line.
  --token TOKEN      API key, where reading entries needs one. Sent to the address that you give and nowhere else.
  --token-file FILE  The same from a file, so that no list of processes shows it.
  --checkpoint FILE  Check the log up to this checkpoint instead of its own newest.
  --openings         Not proved unless the log shows openings and all of them can be replayed.
  --json             The report as JSON.
  --help             This text.

FILE may be - for the standard input.

Exit codes:
  0  proved
  1  not proved: something is wrong, missing, or could not be read
  2  used wrongly: nothing was checked

Examples:
  tally-verify receipt payment.tlog-proof --key "$(cat ledger.vkey)"
  tally-verify receipt payment.tlog-proof --key "$(cat ledger.vkey)" \\
      --witness "$(cat w1.vkey)" --witness "$(cat w2.vkey)" --witness "$(cat w3.vkey)" --quorum 2
  tally-verify account november.html --key "$(cat ledger.vkey)"
  tally-verify consistency january.checkpoint february.checkpoint \\
      --key "$(cat ledger.vkey)" --tiles https://ledger.example/log
  tally-verify full https://ledger.example/v1/log --key "$(cat ledger.vkey)" --token-file auditor.key
  tally-verify full /mnt/copy-of-the-log --key "$(cat ledger.vkey)" --openings --json > report.json
`
