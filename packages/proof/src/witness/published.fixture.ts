/**
 * Requests to a witness from the tests of litewitness (FiloSottile/torchwood, `cmd/litewitness/testdata`), with what it answers.
 * Its log is one of Sigsum, made for the tests.
 */
const LOG = 'sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562'

export const SIGSUM_VKEY = `${LOG}+5202289b+Af/cLU2Y5BJNP+r3iMDC+av9eWCD0fBJVDfzAux5zxAP`

const CHECKPOINT_1 = `${LOG}
1
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— ${LOG} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
`
const CHECKPOINT_3 = `${LOG}
3
RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

— ${LOG} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
`
const CHECKPOINT_5 = `${LOG}
5
QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=

— ${LOG} UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=
`
const LEAF_1 = 'KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'
const LEAF_2 = 'KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'
const LEAF_3 = 'KgMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'
const LEAF_4 = 'KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'
const PROOF_1_3 = LEAF_1 + LEAF_2
const PROOF_1_5 = `${LEAF_1}+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=\n${LEAF_4}`
const PROOF_3_5 = `${LEAF_2}${LEAF_3}wgiIFdZfYNv6WU1OllBKsWnLYIS/DBMqt8Uh/S4OukE=\n${LEAF_4}`

interface PublishedRequest {
  readonly what: string
  readonly body: string
  readonly status: number
  /** The size that is told. */
  readonly answer?: string
}

/** In their order: each meets what those before it left. */
export const SIGSUM_REQUESTS: readonly PublishedRequest[] = [
  { what: 'the first leaf', body: `old 0\n\n${CHECKPOINT_1}`, status: 200 },
  {
    what: 'a wrong signature',
    // The published one ends with gx=, which is no canonical base64.
    body: `old 1\n${PROOF_1_3}\n${CHECKPOINT_3.replace('6go=', '6gs=')}`,
    status: 403,
  },
  {
    what: 'an unknown log',
    body: `old 1\n${PROOF_1_3}\n${CHECKPOINT_3.replaceAll('9e562', '9e563')}`,
    status: 404,
  },
  { what: 'no proof', body: `old 1\n\n${CHECKPOINT_3}`, status: 422 },
  {
    what: 'a wrong proof',
    body: `old 1\n${PROOF_1_3.replace('AAA=\n', 'BAA=\n')}\n${CHECKPOINT_3}`,
    status: 422,
  },
  { what: 'growth to 3', body: `old 1\n${PROOF_1_3}\n${CHECKPOINT_3}`, status: 200 },
  {
    what: 'growth from a size that is past',
    body: `old 1\n${PROOF_1_5}\n${CHECKPOINT_5}`,
    status: 409,
    answer: '3\n',
  },
  { what: 'growth to 5', body: `old 3\n${PROOF_3_5}\n${CHECKPOINT_5}`, status: 200 },
  {
    what: 'a question for the size',
    body: `old 0\n\n${CHECKPOINT_5}`,
    status: 409,
    answer: '5\n',
  },
]
