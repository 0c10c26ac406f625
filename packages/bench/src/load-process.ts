/** Entry of the client's process: every question is a load to run. */
import { runLoad } from './load/run-load.ts'
import type { LoadSpec } from './load/spec.ts'
import { answerQuestions } from './processes/questions.ts'

answerQuestions((spec, progress) => runLoad(spec as LoadSpec, progress))
