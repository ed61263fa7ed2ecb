/** Needs the library alone. */
module stranger.linked {
  requires io.github.atomicwaker;
}
