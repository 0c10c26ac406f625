/** Entry of the process in which the journal runs alone. */
import { runJournal } from './embedded/run-journal.ts'
import type { JournalSpec } from './embedded/spec.ts'
import { answerQuestions } from './processes/questions.ts'

answerQuestions((spec) => runJournal(spec as JournalSpec))
