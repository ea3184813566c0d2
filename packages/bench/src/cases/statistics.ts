/** Measures the peak memory of statistics of a million runs, against a process that does nothing. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Case } from "../Case.ts"
import { Memory } from "../measure.ts"

const program = fileURLToPath(new URL("statisticsProcess.js", import.meta.url))

/** Starts a process for each figure, so that no memory of another is counted. */
export const peak = async (...args: ReadonlyArray<string>): Promise<Memory> => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args])
  return new Memory(Number(stdout))
}

/** Megabytes in the unit of the figures, MiB. */
export const megabytes = (count: number): number => Number((count * 1e6 / 2 ** 20).toFixed(1))

export const statisticsCase: Case = {
  name: "statistics",
  prepare: (quick) => ({
    title: "the peak of resident memory of statistics by job, one process each",
    variants: [
      { name: "a process that does nothing", run: () => peak("empty") },
      { name: "a million runs, made and not counted", run: () => peak("alone", "1000000") },
      { name: "statistics of a million runs", run: () => peak("usual", "1000000"), aimBeyond: megabytes(60) },
      {
        name: "of 200,000 runs, each a job and a cause of its own",
        run: () => peak("hostile", "200000"),
        aimBeyond: megabytes(100)
      },
      { name: "of a million such runs", run: () => peak("hostile", "1000000"), aimBeyond: megabytes(100) }
    ],
    rounds: { warmUp: 0, measured: quick ? 1 : 3 }
  })
}
