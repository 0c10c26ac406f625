/** Entry of the process in which `apply` runs alone. */
import { runApply } from './apply/run-apply.ts'
import type { ApplySpec } from './apply/spec.ts'
import { answerQuestions } from './processes/questions.ts'

answerQuestions(async (spec) => runApply(spec as ApplySpec))
