/** Names a next step as the command that answers it. */
import type { NextStep } from "@coalesce-runs/core/Report"

const commands: { readonly [Action in NextStep["action"]]: string } = {
  check: "check",
  diagnose: "diagnose",
  inspect: "inspect",
  list: "list",
  summarize: "summarize"
}

/** The flags whose names are not the kebab case of the argument. */
const flags: Readonly<Record<string, string>> = {
  environmentID: "environment",
  jobID: "job",
  projectID: "project",
  runStatus: "status"
}

const quoted = (text: string): string => /^[\w.:@%+*/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

const textOf = (value: unknown): string => typeof value === "string" ? value : JSON.stringify(value)

export const nameCall = ({ action, arguments: { runID, ...args } }: NextStep): string => {
  const given = Object.entries(args).flatMap(([name, value]) => {
    const flag = flags[name] ?? name.replace(/[A-Z]+/g, (letters) => `-${letters.toLowerCase()}`)
    const values = Array.isArray(value) ? value : [value]
    return values.map((one) => one === true ? `--${flag}` : `--${flag} ${quoted(textOf(one))}`)
  })
  return ["coalesce-runs", commands[action], ...(typeof runID === "number" ? [String(runID)] : []), ...given].join(" ")
}
