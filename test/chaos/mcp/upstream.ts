/** What the server of Coalesce sees of a client that went away. */
import { setTimeout as pause } from "node:timers/promises"
import type { Session } from "../server/server.ts"

/** Resolves when no request is under way any more. Fails after 2 s. */
export const quiet = async ({ underWay }: Session): Promise<void> => {
  const began = performance.now()
  while (underWay.size > 0) {
    if (performance.now() - began > 2000) throw new Error(`Still under way: ${[...underWay.values()].join("\n")}`)
    await pause(5)
  }
}
