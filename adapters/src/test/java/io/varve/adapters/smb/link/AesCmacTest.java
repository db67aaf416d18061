package io.varve.adapters.smb.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.SplittableRandom;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

/** The examples of RFC 4493, and BouncyCastle as the judge of any length. */
class AesCmacTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] KEY = HEX.parseHex("2b7e151628aed2a6abf7158809cf4f3c");
    private static final String MESSAGE = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

    private static AesCmac mac(byte[] key) throws Exception {
        AesCmac mac = new AesCmac();
        mac.engineInit(new SecretKeySpec(key, "AES"), null);
        return mac;
    }

    @Test
    void examplesOfTheRfc() throws Exception {
        AesCmac mac = mac(KEY);
        String[] expected = {
            "bb1d6929e95937287fa37d129b756746",
            "070a16b46b4d4144f79bdd9dd04a287c",
            "dfa66747de9ae63030ca32611497c827",
            "51f0bebf7e3b9d92fc49741779363cfe"
        };
        int[] lengths = {0, 16, 40, 64};
        for (int i = 0; i < lengths.length; i++) {
            mac.engineUpdate(HEX.parseHex(MESSAGE), 0, lengths[i]);
            assertEquals(expected[i], HEX.formatHex(mac.engineDoFinal()));
        }
    }

    @Test
    void anyLengthInAnyPieces() throws Exception {
        long seed = new SecureRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] key = new byte[16];
        random.nextBytes(key);
        AesCmac mac = mac(key);
        for (int round = 0; round < 300; round++) {
            byte[] message = new byte[random.nextInt(random.nextBoolean() ? 70 : 40_000)];
            random.nextBytes(message);
            CMac judge = new CMac(AESEngine.newInstance());
            judge.init(new KeyParameter(key));
            judge.update(message, 0, message.length);
            byte[] expected = new byte[16];
            judge.doFinal(expected, 0);
            for (int at = 0; at < message.length; ) {
                int piece = Math.min(message.length - at, 1 + random.nextInt(20_000));
                mac.engineUpdate(message, at, piece);
                at += piece;
            }
            assertEquals(HEX.formatHex(expected), HEX.formatHex(mac.engineDoFinal()), "seed " + seed);
            if (round % 7 == 0) {
                mac.engineUpdate(message, 0, message.length);
                mac.engineReset();
            }
        }
    }
}
