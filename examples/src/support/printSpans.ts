/** Prints every span to stderr as it ends. A real program provides its own tracer instead. */
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Tracer from "effect/Tracer"

class PrintedSpan extends Tracer.NativeSpan {
  override end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    super.end(endTime, exit)
    const millis = Number((endTime - this.startTime) / 1_000_000n)
    const attributes = [...this.attributes].map(([name, value]) => ` ${name}=${String(value)}`).join("")
    process.stderr.write(`span ${this.name} ${Exit.isSuccess(exit) ? "ok" : "failed"} ${millis} ms${attributes}\n`)
  }
}

export const printSpans = Layer.succeed(Tracer.Tracer, { span: (options) => new PrintedSpan(options) })
