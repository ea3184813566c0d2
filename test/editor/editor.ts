export interface Completion {
  readonly name: string
  readonly documentation: string
}

/** What a test needs of an editor: the text that it offers where the cursor stands. */
export interface Editor {
  readonly complete: (text: string, position: number) => Promise<ReadonlyArray<Completion>>
  readonly close: () => Promise<void>
}
