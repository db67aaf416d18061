package io.varve.store.crypt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;

/** What the primitives must give, from the documents that define them. */
class KnownAnswersTest {
    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** RFC 4231, test cases 1, 2 and 6. */
    @Test
    void hmacSha256() {
        assertEquals(
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                hex(Hkdf.mac(hex("0b".repeat(20))).doFinal(ascii("Hi There"))));
        assertEquals(
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                hex(Hkdf.mac(ascii("Jefe")).doFinal(ascii("what do ya want for nothing?"))));
        assertEquals(
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
                hex(Hkdf.mac(hex("aa".repeat(131)))
                        .doFinal(ascii("Test Using Larger Than Block-Size Key - Hash Key First"))));
    }

    /** RFC 5869, test cases 1 and 3. */
    @Test
    void hkdfSha256() {
        byte[] secret = hex("0b".repeat(22));
        byte[] pseudorandom = Hkdf.extract(hex("000102030405060708090a0b0c"), secret);
        assertEquals("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5", hex(pseudorandom));
        assertEquals(
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
                hex(Hkdf.expand(pseudorandom, hex("f0f1f2f3f4f5f6f7f8f9"), 42)));
        byte[] bare = Hkdf.extract(new byte[0], secret);
        assertEquals("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04", hex(bare));
        assertEquals(
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
                hex(Hkdf.expand(bare, new byte[0], 42)));
    }

    /** RFC 9106, section 5.3: of the library, since ours uses neither secret nor associated data. */
    @Test
    void argon2idOfTheLibrary() {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(32)
                .withIterations(3)
                .withParallelism(4)
                .withSalt(hex("02".repeat(16)))
                .withSecret(hex("03".repeat(8)))
                .withAdditional(hex("04".repeat(12)))
                .build());
        byte[] tag = new byte[32];
        generator.generateBytes(hex("01".repeat(32)), tag);
        assertEquals("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659", hex(tag));
    }

    /** From the tests of the reference implementation. */
    @Test
    void argon2id() {
        assertEquals(
                "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
                hex(new Argon2(256, 2, 1).hash(ascii("password"), ascii("somesalt"), 32)));
        assertEquals(
                "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037",
                hex(new Argon2(256, 2, 2).hash(ascii("password"), ascii("somesalt"), 32)));
        assertEquals(
                "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
                hex(new Argon2(65536, 2, 1).hash(ascii("password"), ascii("somesalt"), 32)));
    }
}
