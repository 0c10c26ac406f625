/** Entry of the process in which the embedded ledger runs. */
import { runEngine } from './embedded/run-engine.ts'
import type { EngineSpec } from './embedded/spec.ts'
import { answerQuestions } from './processes/questions.ts'

answerQuestions((spec) => runEngine(spec as EngineSpec))
