/** Logs every request and how it ended, and waits for one that matches. */
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"

/** Documented at `Simulator.RequestRecord`. */
export interface RequestRecord {
  /** From 1, in the order of arrival. */
  readonly number: number
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** All headers but `authorization`. Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly authorization: "valid" | "wrong" | "missing"
  readonly receivedAt: DateTime.Utc
  /** The status that was sent. Absent until then, and if the connection was cut before. */
  readonly status?: number
  /** The kind of fault that the request had, if any. */
  readonly fault?: string
  /** When the response was sent, or the connection closed. */
  readonly endedAt?: DateTime.Utc
  /** Whether the client left before it had the whole response. */
  readonly closedEarly: boolean
}

export interface RequestLog {
  readonly add: (record: Omit<RequestRecord, "number" | "closedEarly">) => RequestRecord
  readonly change: (number: number, change: Partial<RequestRecord>) => void
  readonly all: Effect.Effect<ReadonlyArray<RequestRecord>>
  readonly clear: Effect.Effect<void>
  readonly waitFor: (predicate: (record: RequestRecord) => boolean) => Effect.Effect<RequestRecord>
}

export const make = (): RequestLog => {
  const records = new Map<number, RequestRecord>()
  const waiting = new Set<(record: RequestRecord) => void>()
  let count = 0

  const set = (record: RequestRecord) => {
    records.set(record.number, record)
    for (const notify of waiting) notify(record)
    return record
  }

  return {
    add: (record) => set({ ...record, number: ++count, closedEarly: false }),
    change: (number, change) => {
      const record = records.get(number)
      if (record !== undefined) set({ ...record, ...change })
    },
    all: Effect.sync(() => Array.from(records.values())),
    clear: Effect.sync(() => records.clear()),
    waitFor: (predicate) =>
      Effect.callback((resume) => {
        const found = Array.from(records.values()).find(predicate)
        if (found !== undefined) return resume(Effect.succeed(found))
        const notify = (record: RequestRecord) => {
          if (!predicate(record)) return
          waiting.delete(notify)
          resume(Effect.succeed(record))
        }
        waiting.add(notify)
        return Effect.sync(() => waiting.delete(notify))
      })
  }
}
