// The program in a browser, on a page whose content policy forbids making code from text. Posts what came out, and what the
// page tried against its policy, to the server of the page.
import { run } from "./program.mjs"

const violations = []
// The browser reports an attempt a moment after it.
const reported = () => new Promise((resolve) => setTimeout(resolve, 50))
await reported()
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective))

const post = (body) => fetch("/result", { method: "POST", body: JSON.stringify(body) })
try {
  const input = await (await fetch("/input")).json()
  const result = await run({ ...input, url: location.origin })
  await reported()
  await post({ refusesEval: globalThis.refusesEval, violations, result })
} catch (error) {
  await post({ error: String(error?.stack ?? error) })
}
