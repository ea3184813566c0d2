/** Finds what is kept of a job by the ids of its runs. */
import { type AnyRun, environmentID, jobID } from "../Run.ts"
import { boundedText, ownName } from "./jobKey.ts"

const idOf = (run: AnyRun): number | undefined => run.runType === "deploy" ? undefined : jobID(run)

const environmentOf = (run: AnyRun): string | undefined => {
  const id = environmentID(run)
  return id === undefined ? undefined : boundedText(id)
}

/** Where each run was told by its key, the texts would be most of the garbage that a fold leaves. */
export class JobPlaces<A> {
  readonly #byEnvironment = new Map<string | undefined, Map<number, A>>()

  /** Returns the place of the job of a run. Undefined where it has none, and for a run without the id of a job. */
  get(run: AnyRun): A | undefined {
    const id = idOf(run)
    return id === undefined ? undefined : this.#byEnvironment.get(environmentOf(run))?.get(id)
  }

  /** Sets the place of the job of a run, if it has an id. */
  set(run: AnyRun, place: A): void {
    const id = idOf(run)
    if (id === undefined) return
    const environment = environmentOf(run)
    const ofEnvironment = this.#byEnvironment.get(environment)
    if (ofEnvironment === undefined) this.#byEnvironment.set(ownName(environment), new Map([[id, place]]))
    else ofEnvironment.set(id, place)
  }
}
