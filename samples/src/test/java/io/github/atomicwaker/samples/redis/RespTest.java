package io.github.atomicwaker.samples.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RespTest {

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("-ERR no\r\n", new Resp.Refusal("ERR no")),
        Arguments.of(":0\r\n", 0L),
        Arguments.of(":-9223372036854775808\r\n", Long.MIN_VALUE),
        Arguments.of("$0\r\n\r\n", ""),
        Arguments.of("$5\r\n\r\n\0\u00e9\r\n", "\r\n\0\u00e9"),
        Arguments.of("$-1\r\n", Resp.NIL),
        Arguments.of("*0\r\n", List.of()),
        Arguments.of(
            "*3\r\n:1\r\n*1\r\n$1\r\na\r\n-no\r\n",
            List.of(1L, List.of("a"), new Resp.Refusal("no"))));
  }

  @ParameterizedTest
  @MethodSource("values")
  void whatIsWrittenIsRead(String wire, Object value) throws IOException {
    var out = new ByteArrayOutputStream();
    Resp.write(out, value);
    assertEquals(wire, out.toString(UTF_8));
    assertEquals(value, read(wire));
  }

  @Test
  void simpleStringsAndAbsentListsAreOnlyRead() throws IOException {
    assertEquals("OK", read("+OK\r\n"));
    assertEquals("", read("+\r\n"));
    assertEquals(Resp.NIL, read("*-1\r\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"?\r\n", "\r\n", "+a\n", "$1\r\nab\r\n"})
  void nonsenseIsRefused(String wire) {
    ProtocolException refused = assertThrows(ProtocolException.class, () -> read(wire));
    assertTrue(requireNonNull(refused.getMessage()).startsWith("not RESP2"), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {":one\r\n", "$-2\r\n", "$2147483648\r\n", "*\r\n"})
  void aNumberThatIsNoneIsRefused(String wire) {
    assertThrows(IllegalArgumentException.class, () -> read(wire));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+", "+a", "+a\r", "$3\r\nab", "$3\r\nabc", "$3\r\nabc\r", "*1\r\n"})
  void theEndOfTheStreamIsNoValue(String wire) {
    assertThrows(EOFException.class, () -> read(wire));
  }

  private static Object read(String wire) throws IOException {
    return Resp.read(new ByteArrayInputStream(wire.getBytes(UTF_8)));
  }
}
