/** What both transports share: what is said to a person, and how the program ends. */

export interface Running {
  readonly close: () => Promise<void>
}

/** Writes to stderr: stdout belongs to the protocol. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** Returns a function that ends the program once. Signals call it too; a second signal does not wait. */
export const endOn = (running: Running, withinMillis = 3000): (code?: number) => void => {
  let isEnding = false
  const end = (code = 0) => {
    if (isEnding) return
    isEnding = true
    // A request that cannot be interrupted must not keep the process alive.
    setTimeout(() => process.exit(code), withinMillis).unref()
    running.close().then(() => {
      process.exitCode = code
    }, (error: unknown) => {
      say(`coalesce-runs-mcp did not end cleanly: ${String(error)}`)
      process.exitCode = 1
    })
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => isEnding ? process.exit(1) : end())
  }
  return end
}
