/** Answer of a handler that sends the browser elsewhere (302) instead of giving data. */
export class Redirect {
  readonly location: string;

  constructor(location: string) {
    this.location = location;
  }
}
