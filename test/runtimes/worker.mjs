// The program on workerd, which runs what a worker exports as a test.
import { run } from "./program.mjs"

export default {
  async test(_, { input }) {
    console.log(JSON.stringify(await run(input)))
  }
}
