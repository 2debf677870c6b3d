/** HTTP/1.1 connections of each peer that are open for ordinary requests. */
export interface KeptConnections {
  /** Returns what to call when it is closed, or carries another protocol from now on; calling it twice does no harm. */
  add(peer: string): () => void;
  /** Whether a peer has more than it may keep between requests. */
  isCrowded(peer: string): boolean;
}

/** Bounds what a peer keeps after its first request: past `most`, an answer is the last one on its connection. */
export function createKeptConnections(most: number): KeptConnections {
  const perPeer = new Map<string, number>();
  return {
    add(peer) {
      perPeer.set(peer, (perPeer.get(peer) ?? 0) + 1);
      let isThere = true;
      return () => {
        if (!isThere) return;
        isThere = false;
        const left = (perPeer.get(peer) ?? 1) - 1;
        if (left === 0) perPeer.delete(peer);
        else perPeer.set(peer, left);
      };
    },
    isCrowded: (peer) => (perPeer.get(peer) ?? 0) > most,
  };
}
