/**
 * What stands between stdin and the SDK: it passes on each message as the SDK reads it, and answers what the SDK would
 * leave without a response.
 */
import { Transform } from "node:stream"
import { type Read, readAll, refusal } from "./message.ts"

/** Bytes of one line. */
export const maxLine = 10 * 1024 * 1024

const newline = 0x0a

export interface Options {
  /** Writes a line to the client. */
  readonly respond: (line: string) => void
  /** A line is longer than `maxLine`: nothing after it is read. */
  readonly onOverflow: (reason: string) => void
}

/** Returns a stream that takes the bytes of stdin and gives lines of one valid message each. */
export const reader = ({ onOverflow, respond }: Options): Transform => {
  let parts: Array<Buffer> = []
  let length = 0
  let isFirst = true
  let isOver = false

  const take = (part: Buffer): void => {
    if (length + part.length > maxLine) {
      isOver = true
      parts = []
      const reason = `A message is longer than ${maxLine / 1024 / 1024} MiB. The server ends.`
      respond(JSON.stringify(refusal(`Invalid request: ${reason}`)))
      onOverflow(reason)
      return
    }
    parts.push(part)
    length += part.length
  }

  const line = (): string => {
    const text = Buffer.concat(parts, length).toString("utf8")
    parts = []
    length = 0
    // PowerShell and some editors write a mark in front of the first message.
    const unmarked = isFirst ? text.replace(/^\uFEFF/, "") : text
    isFirst = false
    return unmarked.trim()
  }

  return new Transform({
    transform(chunk: Buffer, _, done) {
      let rest = chunk
      for (let end = rest.indexOf(newline); end !== -1 && !isOver; end = rest.indexOf(newline)) {
        take(rest.subarray(0, end))
        rest = rest.subarray(end + 1)
        const text = isOver ? "" : line()
        if (text !== "") { for (const read of readAll(text)) pass(this, read, respond) }
      }
      if (!isOver && rest.length > 0) take(rest)
      done()
    }
  })
}

const pass = (stream: Transform, read: Read, respond: Options["respond"]): void => {
  if ("refused" in read) respond(JSON.stringify(read.refused))
  else stream.push(`${JSON.stringify(read.message)}\n`)
}
