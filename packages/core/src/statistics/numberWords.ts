/** Rates, durations, changes and counts by status in words. */
import { join, line } from "../Report.ts"
import type { Line } from "../report/model.ts"
import { shortDuration } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import type { Counted } from "./model.ts"

/** `37.5 %` */
export const percent = (rate: number): string => `${Math.round(rate * 1000) / 10} %`

/** `7m25s`; below ten seconds with tenths: `1.8s`. */
export const durationWords = (millis: number): string => {
  const seconds = Math.round(millis / 100) / 10
  return shortDuration(seconds < 10 ? seconds : Math.round(seconds))
}

/** `+4`, `-37s` */
export const signed = (value: number, words: (amount: number) => string = String): string =>
  `${value < 0 ? "-" : "+"}${words(Math.abs(value))}`

/** `3 completed, 5 failed` */
export const statusWords = (counts: Counted["statusCounts"], { status }: Words): Line =>
  join(
    Object.entries(counts).flatMap(([name, count]) =>
      count === 0 ? [] : [name === "unknown" ? [`${count} of unknown status`] : line`${count} ${status(name)}`]
    ),
    ", "
  )
