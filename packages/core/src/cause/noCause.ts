/**
 * Reasons that name no cause. The platform says of most failed runs that nodes failed, and which; two such reasons have
 * nothing in common but their form.
 */

const list = "\\[([^\\]]{0,60000})(?:\\]|$)"
const failedNodes = new RegExp(
  `encountered (?:failures|errors) (?:for|in|on) nodes?(?:\\(s\\))?\\s{0,5}:?\\s{0,5}${list}`,
  "i"
)
const skippedNodes = new RegExp(`skipped nodes?(?:\\(s\\))?\\s{0,5}:?\\s{0,5}${list}`, "i")

/** What the platform's own reasons are made of. */
const frame = [
  /\bGraphExecutor\b(?: has)?(?: halted)?(?: and)?(?: finished)?/gi,
  /\bRunPhasedDeploy encountered (?:failures|errors)/gi,
  new RegExp(failedNodes.source, "gi"),
  new RegExp(skippedNodes.source, "gi"),
  /\bno (?:nodes|phases) (?:were )?skipped/gi,
  /\b\w{1,40} phase\s{0,5}-\s{0,5}(?:none|\d{1,9}|\[[^\]]{0,10000}(?:\]|$))/gi
]

const thing =
  "(?:node|run|refresh|deploy(?:ment)?|job|query|statement|stage|task|execution|pipeline|operation|request|process|step|command|sql|script|procedure|program|build|model|graph)"

/** Sentences that say of something that it failed, and no more. */
export const said = [
  // "3 nodes failed", "2 of 14 nodes failed", "1 more node failed and 4 were skipped"
  /\b(?:\d{1,9}|one|one or more|at least one|some|all|several|multiple|many|no)(?: of(?: the)? \d{1,9})? (?:more |other |further )?(?:nodes?|stages?|tasks?|models?|jobs?|queries|statements|steps|tests?)(?:\(s\))?(?: (?:has|have|were|was))?(?: been)? (?:failed(?: to (?:execute|run|complete|finish))?|errored|skipped|cancell?ed|blocked|completed|succeeded|with errors?|in error)/gi,
  /\b(?:and )?\d{1,9} (?:were |was )?(?:failed|errored|skipped|cancell?ed|blocked|completed|succeeded)/gi,
  // "nodes failed: 3", "errors: 2"
  /\b(?:nodes?|stages?|tasks?|models?|tests?|errors?|failures?)(?: (?:failed|errored|skipped))?\s{0,3}[:=]\s{0,3}\d{1,9}/gi,
  // "did not complete successfully", "was not successful", "execution halted"
  new RegExp(
    `\\b(?:the )?${thing}s? (?:did not (?:complete|succeed|finish)(?: successfully)?|(?:was|were) (?:not successful|unsuccessful)|(?:has |was )?halted)`,
    "gi"
  ),
  // "Run canceled because 1 node failed": what follows decides.
  /\b(?:run|refresh|deploy(?:ment)?|job) (?:was |has been )?cancell?ed (?:because|since|after|as)\b/gi,
  // "due to errors in 3 nodes", "during phase: add", "there were errors running the job"
  new RegExp(`\\b(?:due to|because of) (?:errors?|failures?) (?:in|of|on) (?:the )?(?:\\d{1,9} )?${thing}s?`, "gi"),
  /\bduring (?:the )?(?:\w{1,20} phase|phase\s{0,3}:?\s{0,3}\w{1,20})\b/gi,
  new RegExp(
    `\\bthere (?:was|were) (?:an? )?(?:errors?|failures?)(?: (?:while|when|during|in))?(?: (?:executing|running))?(?: (?:the |this |your )?${thing}s?)?`,
    "gi"
  ),
  /\bno (?:error )?(?:message|details?|reason|information)(?: (?:is|was))? (?:available|provided|given|returned)/gi,
  // "node STG_ORDERS failed", "Nodes A, B failed"
  new RegExp(
    `\\b${thing}s?:?(?: [\\w$."'-]{1,128}(?:, ?[\\w$."'-]{1,128}){0,50})? (?:has |have )?(?:failed|errored)(?: with (?:an )?errors?)?`,
    "gi"
  ),
  new RegExp(`\\b(?:the )?(?:${thing} ){1,3}(?:failed|failure|error|errors)\\b`, "gi"),
  new RegExp(`\\b(?:failed|failure|error) (?:to (?:run|execute)|executing|running|in) (?:the )?${thing}\\b`, "gi"),
  new RegExp(
    `\\ban? (?:unknown |unexpected )?error (?:has )?occurred(?: (?:while|during|in|when) (?:the )?(?:${thing}|executing|running|execution)(?: (?:of )?(?:the |this |your )?${thing})?)?`,
    "gi"
  ),
  /\b(?:something went wrong|unknown error|unexpected error|see (?:the )?(?:logs?|details?|results)(?: for (?:more )?(?:details|information))?|please try again(?: later)?)/gi,
  /\bSQL (?:compilation|execution|access control) error\b/gi,
  /\[object Object\]/g,
  /\b(?:undefined|null|none|nan|nil|n\/a|unknown|errors?|exception|failed|failure|failures|fail)\b/gi
]

export const connecting =
  /\b(?:and|or|the|with|for|of|was|were|has|have|a|an|in|run|status|message|reason|cause|code)\b/gi

/** Every word of {@link said} and {@link connecting}, but for those that stand beside a name. */
const saidWords = new Set(
  ("a access after again all an and as at available because been blocked build builds canceled cancelled cause code command " +
    "commands compilation complete completed control deploy deployment deployments deploys detail details did due during error " +
    "errors exception execute executing execution executions fail failure failures finish for further given graph graphs " +
    "halted has have in information is job jobs later least log logs many message model models more multiple n nan nil no " +
    "node nodes none not null object occurred of on one operation operations or other pipeline pipelines please procedure " +
    "procedures process processs program programs provided queries query querys reason refresh refreshs request requests " +
    "result results returned run running runs s script scripts see several since skipped some something sql sqls stage " +
    "stages statement statements status step steps succeed succeeded successful successfully task tasks test tests the " +
    "there this to try undefined unexpected unknown unsuccessful was went were when while with wrong your").split(" ")
)

/**
 * Whether a text has a word that none of the sentences has. Most messages do, and the expressions of the sentences are large:
 * compiled, they take a megabyte.
 */
export const hasOtherWord = (text: string): boolean => {
  if (/failed|errored|phase/i.test(text)) return false
  return (text.match(/\p{L}+/gu) ?? []).some((word) => !saidWords.has(word.toLowerCase()))
}

const maxSentence = 600

const without = (text: string, parts: ReadonlyArray<RegExp>): string =>
  parts.reduce((rest, part) => rest.replace(part, " "), text)

/** Returns the text without what the platform puts around a cause, if it puts one there at all. */
export const withoutFrame = (text: string): string => {
  if (!/GraphExecutor|RunPhasedDeploy/i.test(text)) return text
  return without(text, frame).replace(/^[\s;:,.]+|[\s;:,]+$/g, "")
}

/** Whether a text says that something failed, or nothing at all, and not why. */
export const namesNoCause = (text: string): boolean => {
  const rest = withoutFrame(text).trim()
  if (rest === "") return true
  // A longer text has more to say.
  if (rest.length > maxSentence || /\b\d{6}\b/.test(rest) || hasOtherWord(rest)) return false
  return !/[\p{L}\p{N}]/u.test(without(without(rest, said), [connecting]))
}

const idsIn = (found: RegExpExecArray | null): ReadonlyArray<string> =>
  (found?.[1] ?? "").split(",").map((id) => id.trim().replace(/^["']|["']$/g, "")).filter((id) => id !== "")

/** Returns the ids of the nodes that a reason names. */
export const nodeIDsIn = (text: string) => ({
  failed: idsIn(failedNodes.exec(text)),
  skipped: idsIn(skippedNodes.exec(text))
})
