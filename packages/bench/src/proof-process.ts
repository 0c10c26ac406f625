/** Entry of the process in which leaves are made alone. */
import { answerQuestions } from './processes/questions.ts'
import { runProof } from './proof/run-proof.ts'
import type { ProofSpec } from './proof/spec.ts'

answerQuestions(async (spec) => runProof(spec as ProofSpec))
