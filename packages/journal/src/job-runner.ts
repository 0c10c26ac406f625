/** The port behind a writer: something that does submitted jobs, on another thread or later on this one. */

export interface JobRunner {
  /** True when jobs are done on another thread. */
  readonly threaded: boolean
  /** Adds a job: the index of a group, or `RESERVE_JOB`. */
  start(job: number): void
  /** Blocks until a submitted job has come further, or the journal has failed. */
  wait(): void
  close(): Promise<void>
}
