/**
 * The interleavings. Lincheck's bounded model checker runs three threads, more than jcstress can
 * run on two cores, through the schedules of a race, one by one.
 *
 * <p>What it shows is sequentially consistent: threads alternate at every access to shared memory,
 * and each sees what was written last. So the fences do nothing here and a plain condition is as
 * good as a volatile one; what happens without them is jcstress's part. The threads are platform
 * threads, the only ones that Lincheck knows. Seeds are fixed: a run that fails, fails the same way
 * the next time.
 *
 * <p>Parks are real. Lincheck by itself lets every park wake spuriously, so that a wait loop would
 * find its condition whether it was woken or not; {@link ModelChecker} forbids that for the
 * waker's. A wake-up that is lost is then a thread that is parked for ever, which Lincheck reports
 * as a hang. The guarantee is also stated without any parking.
 *
 * <p>Each property has controls: copies or uses of the waker that lack one part, in which Lincheck
 * has to find the violation.
 */
package io.github.atomicwaker.stress.lincheck;
