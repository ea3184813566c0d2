/** Measures how much memory a fold asks the engine for. */
import { type HeapProfiler, Session } from "node:inspector"

const bytesOf = ({ children, selfSize }: HeapProfiler.SamplingHeapProfileNode): number =>
  children.reduce((sum, child) => sum + bytesOf(child), selfSize)

/**
 * Returns the bytes that were allocated in the engine's heap while a function ran, also those that were freed again: a sample
 * of them, within a tenth for some megabytes.
 */
export const allocatedBy = (run: () => unknown): number => {
  const session = new Session()
  session.connect()
  try {
    session.post("HeapProfiler.startSampling", {
      samplingInterval: 4096,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true
    })
    run()
    let bytes = 0
    session.post("HeapProfiler.stopSampling", (_, { profile }) => {
      bytes = bytesOf(profile.head)
    })
    return bytes
  } finally {
    session.disconnect()
  }
}
