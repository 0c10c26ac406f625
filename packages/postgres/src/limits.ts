/** Bounds of how PostgreSQL is waited for. All in ms but where said. */

/** Oldest major version that is taken. */
export const VERSION_MIN = 15
/** From a start to being ready: recovery after a kill included. */
export const START_MS_MAX = 60_000
export const START_POLL_MS = 10
/** From asking for a fast shutdown to doing without it. */
export const STOP_MS_MAX = 10_000
/** Between two tries to get it back: doubled each time, from the first to the last. */
export const RETRY_MS_FIRST = 100
export const RETRY_MS_MAX = 5_000
/** How often a server that is there is looked at. */
export const LOOK_MS = 5_000
export const CONNECT_MS_MAX = 5_000
export const POOL_CONNECTIONS_MAX = 10
/** The log of the embedded server begins anew at a start when it is longer, bytes. */
export const SERVER_LOG_BYTES_MAX = 10 * 1024 * 1024
/** Longest path of a socket that every system takes, bytes. */
export const SOCKET_PATH_BYTES_MAX = 100
/** Bytes of rows that are sent at one time; the first ones may be all there are. */
export const COPY_FIRST_CHUNK_BYTES = 8 * 1024
export const COPY_CHUNK_BYTES = 256 * 1024
/** How often it is looked for jobs, seconds; at least 0.5. */
export const JOB_POLL_SECONDS = 1
/** A job that runs longer is taken for dead and tried again, seconds. */
export const JOB_SECONDS_MAX = 300
export const JOB_RETRIES_MAX = 20
/** Longest wait before a job is tried again, seconds. */
export const JOB_RETRY_SECONDS_MAX = 300
/** Between two tries to begin with jobs. */
export const JOBS_RETRY_MS = 1_000
/** Facts of the outbox that are read at one time. */
export const OUTBOX_BATCH = 100
