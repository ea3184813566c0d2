/** Prints how many runs were exported: one line that is redrawn on a terminal, one line a second elsewhere. */
import type { WriteStream } from "node:tty"

const everyMillis = { terminal: 100, elsewhere: 1000 }

export const makeProgress = (
  stream: Pick<WriteStream, "write"> & { readonly isTTY?: boolean },
  startedAt: number
) => {
  const isTerminal = stream.isTTY === true
  let runs = 0
  let pages = 0
  let shownAt = startedAt

  const line = (now: number): string => {
    const seconds = (now - startedAt) / 1000
    const rate = seconds === 0 ? "" : `, ${Math.round(runs / seconds)} a second`
    return `${runs} runs in ${pages} ${pages === 1 ? "page" : "pages"}, ${seconds.toFixed(1)} s${rate}`
  }

  return {
    add: (count: number, now: number): void => {
      runs += count
      pages += 1
      if (now - shownAt < (isTerminal ? everyMillis.terminal : everyMillis.elsewhere)) return
      shownAt = now
      // Redraws the line, and erases the rest of a longer one.
      stream.write(isTerminal ? `\r${line(now)}\u001b[K` : `${line(now)}\n`)
    },
    end: (now: number): void => void stream.write(isTerminal ? `\r${line(now)}\u001b[K\n` : `${line(now)}\n`)
  }
}
