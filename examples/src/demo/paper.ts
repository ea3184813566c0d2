/** Colors and wraps the text of the demo. Colors are off where the output is no terminal, unless FORCE_COLOR is set. */
import * as Duration from "effect/Duration"
import { styleText } from "node:util"

export const width = 100

const isSet = (name: string): boolean => (process.env[name] ?? "") !== ""

const isColored = isSet("FORCE_COLOR") || (process.stdout.isTTY && !isSet("NO_COLOR"))

const styled = (style: Parameters<typeof styleText>[0]) => (text: string): string =>
  isColored ? styleText(style, text) : text

export const bold = styled("bold")
export const dim = styled("dim")
export const red = styled("red")
export const cyan = styled("cyan")

/** Breaks lines at spaces, and in JSON at commas, so that they fit the width behind `indent` and their own. */
export const wrapped = (text: string, indent: string): string =>
  text.split("\n").flatMap((line) => {
    const content = line.trimStart()
    const margin = indent + line.slice(0, line.length - content.length)
    const lines: Array<string> = []
    let current = ""
    for (const piece of content.match(/.+?(?: +|,(?=")|$)/g) ?? []) {
      if (current !== "" && margin.length + `${current}${piece}`.trimEnd().length > width) {
        lines.push(current)
        current = ""
      }
      current += piece
    }
    return [...lines, current].map((line) => `${margin}${line}`.trimEnd())
  }).join("\n")

/** Formats a duration in whole seconds, such as `10m 2s`. */
export const seconds = (duration: Duration.Duration): string =>
  Duration.format(Duration.seconds(Math.round(Duration.toSeconds(duration))))
