/** The runs of an account, by their number. */
interface Sample {
  readonly jobID: number
  /** Why it failed, where it did. */
  readonly reason?: string
}

// Letters alone: numbers are taken out of messages before they are compared.
const word = (index: number): string =>
  index.toString(26).replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)))

/** 40 jobs, and one run in ten fails for one of a few causes. */
export const usual = (index: number): Sample => ({
  jobID: index % 40,
  ...(index % 10 === 0 ? { reason: `Numeric value '${index}' is not recognized in ${word(index % 7)}` } : {})
})

/** A job for each run, and each fails for a reason of its own. */
export const hostile = (index: number): Sample => ({
  jobID: index,
  reason: `${word(index)} ${"at length ".repeat(20)}`
})
