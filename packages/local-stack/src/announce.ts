/** Tells the user what is being done, in one short phrase without a full stop. */
export type Announce = (phrase: string) => void;
