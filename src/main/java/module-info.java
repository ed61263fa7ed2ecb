/** The one-slot park/unpark signal for virtual threads. */
module io.github.atomicwaker {
  requires static transitive org.jspecify;

  exports io.github.atomicwaker;
}
