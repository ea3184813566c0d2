/** Finds the cause at the end of a stack trace, and the frame of the user's own code. */

export interface Stack {
  readonly text: string
  readonly frame: string | undefined
  /** Whether it is the trace of a procedure's code, which may have raised the error itself. */
  readonly isRaised: boolean
}

const pythonFrame = /File "([^"\n]{1,500})", line (\d{1,9})(?:, in ([^\s\n]{1,200}))?/g
const pythonLibrary =
  /site-packages|dist-packages|<frozen|[/\\]lib[/\\]python\d|^<string>$|[/\\]snowflake[/\\](?:snowpark|connector)[/\\]|[/\\]pyspark[/\\]/

/** A name of an exception where a line or a sentence of a trace begins. */
const exceptionName =
  /(?<![\w.$])(?:[A-Za-z_]\w{0,60}\.){0,10}(?:[A-Z]\w{0,80}?(?:Error|Exception|Exit|Interrupt|Warning|Timeout|Iteration|Failure|Failed|NotFound|Denied|BadRequest|Conflict|Forbidden)|[A-Z]\w{0,80}(?=:\s))\b(?=:|\s|$)/g

const indentOf = (text: string, at: number): number => {
  const start = text.lastIndexOf("\n", at - 1) + 1
  const found = /^[ \t]*/.exec(text.slice(start, Math.min(at, start + 200)))
  return found?.[0].length ?? 0
}

/** The lines behind the last frame that are not its source. */
const behindFrames = (text: string, from: number, indent: number): string | undefined => {
  let at = text.indexOf("\n", from)
  while (at !== -1) {
    const next = text.indexOf("\n", at + 1)
    const line = text.slice(at + 1, next === -1 ? undefined : next)
    if (line.trim() !== "" && /^[ \t]*/.exec(line)?.[0].length === indent) return text.slice(at + 1)
    at = next
  }
  return undefined
}

const pythonStack = (text: string): Stack | undefined => {
  const begins = text.lastIndexOf("Traceback (most recent call last)")
  if (begins === -1) return undefined
  const frames = [...text.slice(begins).matchAll(pythonFrame)]
  const own = frames.findLast(([, file = ""]) => !pythonLibrary.test(file))
  const frame = own === undefined
    ? undefined
    : `${own[1]}, line ${own[2]}${own[3] === undefined ? "" : `, in ${own[3]}`}`
  const last = frames.at(-1)
  const from = begins + (last === undefined ? 0 : last.index + last[0].length)
  const behind = behindFrames(text, from, indentOf(text, begins))
  if (behind !== undefined) return { text: behind.trim(), frame, isRaised: true }
  // All on one line: the source of the last frame may stand before the exception.
  const rest = text.slice(from + (last === undefined ? "Traceback (most recent call last):".length : 0))
  const found = [...rest.matchAll(exceptionName)][0]
  const cause = (found === undefined ? rest : rest.slice(found.index)).trim()
  return cause === "" ? undefined : { text: cause, frame, isRaised: true }
}

const javaFrame =
  /\s{1,80}at ((?:[\w$<>-]{1,200}[./])+[\w$<>]{1,200}\((?:[\w$.-]{1,200}(?::\d{1,9})?|Native Method|Unknown Source)\))/g
const javaLibrary =
  /^(?:java|javax|jdk|sun|scala|net\.snowflake|com\.snowflake|snowflake|org\.apache|com\.databricks|com\.microsoft)[./]/

const javaStack = (text: string): Stack | undefined => {
  const caused = text.lastIndexOf("Caused by: ")
  const from = caused === -1 ? 0 : caused + "Caused by: ".length
  const frames = [...text.slice(from).matchAll(javaFrame)]
  const [first] = frames
  if (first === undefined) {
    return caused === -1 || text.slice(from).trim() === ""
      ? undefined
      : { text: text.slice(from), frame: undefined, isRaised: false }
  }
  const own = frames.find(([, place = ""]) => !javaLibrary.test(place))?.[1]
  const cause = text.slice(from, from + first.index).trim()
  return cause === "" ? undefined : { text: cause, frame: own, isRaised: own !== undefined }
}

const jsFrame =
  /\s{1,80}at (?:(?:async |new )?[\w$.<>[\]]{1,200} \()?(?:file:\/\/|node:)?[\w./@\\-]{1,400}\.[cm]?[jt]sx?:\d{1,9}:\d{1,9}\)?/g
/** Snowflake's own ways to say where the code of a procedure was. */
const inProcedure = /\s{1,80}stacks?tra[cn]?ce:\s{0,80}([\w$.]{1,200}) line:? (\d{1,9})[\s\S]*$/i
const atStatement =
  /\s{1,80}At (Statement\.execute|Snowflake\.[\w.]{1,60}|[\w$.]{1,200}), line (\d{1,9}) position \d{1,9}[\s\S]*$/

const jsStack = (text: string): Stack | undefined => {
  const inside = inProcedure.exec(text) ?? atStatement.exec(text)
  if (inside !== null && inside.index > 0) {
    return { text: text.slice(0, inside.index), frame: `${inside[1]}, line ${inside[2]}`, isRaised: true }
  }
  const [first] = text.matchAll(jsFrame)
  return first === undefined || first.index === 0
    ? undefined
    : { text: text.slice(0, first.index), frame: undefined, isRaised: true }
}

const mayBe = /Traceback|Caused by: |\sat \S+[:(]|stacks?tra|\sAt \S+, line/i

/** Returns what a stack trace says at its end; undefined where there is none. */
export const stackOf = (text: string): Stack | undefined =>
  mayBe.test(text) ? pythonStack(text) ?? javaStack(text) ?? jsStack(text) : undefined
