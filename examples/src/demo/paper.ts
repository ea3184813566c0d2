/** What the demo prints with: width and colour of the terminal, if it is one. */
import * as Duration from "effect/Duration"
import { styleText } from "node:util"

export const width = 100

const isColourful = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === ""

const styled = (style: Parameters<typeof styleText>[0]) => (text: string): string =>
  isColourful ? styleText(style, text) : text

export const bold = styled("bold")
export const dim = styled("dim")
export const red = styled("red")
export const cyan = styled("cyan")

/** Breaks lines between words, so that they fit the width behind `indent` and their own. Longer words stay whole. */
export const wrapped = (text: string, indent: string): string =>
  text.split("\n").flatMap((line) => {
    const content = line.trimStart()
    const margin = indent + line.slice(0, line.length - content.length)
    const lines: Array<string> = []
    let current = ""
    for (const word of content.split(" ")) {
      if (current !== "" && margin.length + current.length + 1 + word.length > width) {
        lines.push(current)
        current = word
      } else current = current === "" ? word : `${current} ${word}`
    }
    return [...lines, current].map((line) => `${margin}${line}`)
  }).join("\n")

/** `10m 2s`, without what is smaller. */
export const seconds = (duration: Duration.Duration): string =>
  Duration.format(Duration.seconds(Math.round(Duration.toSeconds(duration))))
