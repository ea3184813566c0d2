/** Runs the built examples as processes, as a person does. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const dist = fileURLToPath(new URL("../dist", import.meta.url))

export const start = (
  example: string,
  options: { readonly args?: ReadonlyArray<string>; readonly env?: Readonly<Record<string, string>> } = {}
) => {
  // Nothing of this machine's own settings reaches the examples: no account, no profile.
  const env = {
    PATH: process.env["PATH"],
    HOME: "/nonexistent",
    COALESCE_ACCESS_TOKEN: "",
    TZ: "Europe/London",
    ...options.env
  }
  const child = spawn(process.execPath, [`${dist}/${example}.js`, ...(options.args ?? [])], { env })
  child.stdout.setEncoding("utf8")
  child.stderr.setEncoding("utf8")
  return child
}

export const run = (...args: Parameters<typeof start>) =>
  new Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>((resolve, reject) => {
    const child = start(...args)
    let stdout = ""
    let stderr = ""
    child.stdout.on("data", (text: string) => stdout += text)
    child.stderr.on("data", (text: string) => stderr += text)
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, stdout, stderr }))
  })

/** The failed refreshes of `Scenario.lastNight`, newest first. */
export const failedLastNight = [
  { job: "Daily sales", environment: "3", reason: "invalid identifier '\"SRC\".\"ORDER_ID\"'" },
  {
    job: "Marketing attribution",
    environment: "3",
    reason: "Insufficient privileges to operate on schema 'MARKETING'"
  },
  { job: "Finance reporting", environment: "5", reason: "resource monitor 'FINANCE_MONTHLY' has exceeded its quota" },
  { job: "Finance close", environment: "5", reason: "resource monitor 'FINANCE_MONTHLY' has exceeded its quota" },
  { job: "Inventory snapshot", environment: "3", reason: "Numeric value '3W' is not recognized" }
] as const
