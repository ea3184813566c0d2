/** Generates the runs of an account by their index. */
interface Sample {
  readonly jobID: number
  /** The failure reason. Absent for a completed run. */
  readonly reason?: string
}

// Letters only, because numbers are removed from messages before they are compared.
const word = (index: number): string =>
  index.toString(26).replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)))

/** 40 jobs. One run in ten fails, of one of a few causes. */
export const usual = (index: number): Sample => ({
  jobID: index % 40,
  ...(index % 10 === 0 ? { reason: `Numeric value '${index}' is not recognized in ${word(index % 7)}` } : {})
})

/** 50 jobs, of which a run in ten fails. */
export const ofJobs = (index: number): Sample => ({ ...usual(index), jobID: index % 50 })

/** Each run has its own job and fails of its own cause. */
export const hostile = (index: number): Sample => ({
  jobID: index,
  reason: `${word(index)} ${"at length ".repeat(20)}`
})
