/** Generates the runs of an account by their index. */
interface Sample {
  readonly jobID: number
  /** The failure reason. Absent for a completed run. */
  readonly reason?: string
}

const letters = "abcdefghijklmnopqrstuvwxyz"

// Letters only, because numbers are removed from messages before they are compared.
const word = (index: number): string => {
  let text = ""
  for (let rest = index; rest > 0 || text === ""; rest = Math.floor(rest / 26)) text = (letters[rest % 26] ?? "") + text
  return text
}

const thousand = Array.from({ length: 1000 }, (_, index) => String(index).padStart(3, "0"))

// No `String(index)`: the engine keeps the texts of thousands of numbers that it wrote, and a text from the wire is none of them.
const digits = (index: number): string => `${thousand[Math.floor(index / 1000)] ?? ""}${thousand[index % 1000] ?? ""}`

/** 40 jobs. One run in ten fails, of one of a few causes. */
export const usual = (index: number): Sample => ({
  jobID: index % 40,
  ...(index % 10 === 0 ? { reason: `Numeric value '${digits(index)}' is not recognized in ${word(index % 7)}` } : {})
})

/** 50 jobs, of which a run in ten fails. */
export const ofJobs = (index: number): Sample => ({ ...usual(index), jobID: index % 50 })

/** Each run has its own job and fails of its own cause. */
export const hostile = (index: number): Sample => ({
  jobID: index,
  reason: `${word(index)} ${"at length ".repeat(20)}`
})
