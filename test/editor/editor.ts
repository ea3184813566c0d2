export interface Completion {
  readonly name: string
  readonly documentation: string
}

/** An editor that returns its completions at a position. */
export interface Editor {
  readonly complete: (text: string, position: number) => Promise<ReadonlyArray<Completion>>
  readonly close: () => Promise<void>
}
