/** Where points are kept, and by which right. */
export interface VictoriaAddress {
  /** `http://host:port/prefix`, without a slash at its end and without credentials. */
  readonly url: string;
  /** Value of the header `Authorization`; empty without credentials. Never to be shown. */
  readonly authorization: string;
}
