/** Uses the library and Micrometer. */
@SuppressWarnings("requires-automatic") // Micrometer is one
module stranger.metered {
  requires io.github.atomicwaker;
  requires micrometer.core;
}
