// A message with a word that no empty sentence has is told by its words alone: the list of them must have every one.
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { connecting, hasOtherWord, said } from "../../src/cause/noCause.ts"

/** Texts that a sentence matches. The library knows no flags, and no boundaries of words, which stand at the ends. */
const textsOf = ({ source }: RegExp): FastCheck.Arbitrary<string> =>
  FastCheck.stringMatching(new RegExp(`^(?:${source.replaceAll("\\b", "")})$`)).filter((text) =>
    text.length <= 300 && !/\d{6}/.test(text)
  )

describe("a sentence that names no cause", () => {
  it.each([...said, connecting].map((sentence) => [sentence.source.slice(0, 60), sentence] as const))(
    "has no word that the list of words lacks: %s",
    (_, sentence) => {
      FastCheck.assert(
        FastCheck.property(textsOf(sentence), (text) => {
          // What else the text holds, such as the names of nodes, the sentences themselves take away.
          const alone = text.replaceAll(sentence, " ")
          FastCheck.pre(!/[\p{L}\p{N}]/u.test(alone))
          assert.isFalse(hasOtherWord(text), text)
        }),
        { numRuns: 300, seed: 7, maxSkipsPerRun: 100 }
      )
    }
  )
})
