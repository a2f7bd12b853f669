/** Looks at the state that a change is about, and throws when the change must not be made. */
export type Precondition<T> = (current: T) => void;
