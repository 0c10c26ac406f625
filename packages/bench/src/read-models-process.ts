/** Entry of the process in which the read models are made. */
import { answerQuestions } from './processes/questions.ts'
import { runReadModels } from './read-models/run-read-models.ts'
import type { ReadModelsSpec } from './read-models/spec.ts'

answerQuestions((spec) => runReadModels(spec as ReadModelsSpec))
