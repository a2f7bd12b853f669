/** Values by setting name, as written; what is empty counts as not set and is left out. */
export type RawSettings = Record<string, string>;

/** Something wrong with one setting. Never contains its value. */
export interface SettingProblem {
  readonly name: string;
  readonly message: string;
}
