package io.varve.adapters.smb.link;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.MacSpi;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-CMAC (RFC 4493) over the JDK's AES in CBC mode, which processors do in hardware. For one thread at a time. */
final class AesCmac extends MacSpi {
    private static final int BLOCK = 16;
    private static final int PIECE = 8192;

    private final byte[] scratch = new byte[PIECE];

    /** The last bytes so far, 1 to 16 of them unless nothing came yet: the end is treated differently. */
    private final byte[] last = new byte[BLOCK];

    private int lastLength;
    private boolean begun;
    private Cipher cipher;
    private byte[] whole; // added to the last block if it is complete
    private byte[] padded; // added to it if it had to be filled up

    @Override
    protected int engineGetMacLength() {
        return BLOCK;
    }

    @Override
    protected void engineInit(Key key, AlgorithmParameterSpec parameters) throws InvalidKeyException {
        try {
            SecretKeySpec aes = new SecretKeySpec(key.getEncoded(), "AES");
            Cipher single = Cipher.getInstance("AES/ECB/NoPadding");
            single.init(Cipher.ENCRYPT_MODE, aes);
            whole = doubled(single.doFinal(new byte[BLOCK]));
            padded = doubled(whole);
            cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, aes, new IvParameterSpec(new byte[BLOCK]));
        } catch (InvalidKeyException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException("AES is not available", e);
        }
        lastLength = 0;
    }

    /** Multiplies by x in the field of RFC 4493. */
    private static byte[] doubled(byte[] value) {
        byte[] result = new byte[BLOCK];
        int carry = 0;
        for (int i = BLOCK - 1; i >= 0; i--) {
            int shifted = (value[i] & 0xFF) << 1 | carry;
            result[i] = (byte) shifted;
            carry = shifted >>> 8;
        }
        result[BLOCK - 1] ^= (byte) (carry * 0x87);
        return result;
    }

    @Override
    protected void engineUpdate(byte input) {
        engineUpdate(new byte[] {input}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        begun |= length > 0;
        int at = offset;
        int left = length;
        int missing = Math.min(left, BLOCK - lastLength);
        System.arraycopy(input, at, last, lastLength, missing);
        lastLength += missing;
        at += missing;
        left -= missing;
        if (left == 0) {
            return;
        }
        chain(last, 0, BLOCK);
        while (left > BLOCK) {
            int piece = Math.min(PIECE, (left - 1) / BLOCK * BLOCK);
            chain(input, at, piece);
            at += piece;
            left -= piece;
        }
        System.arraycopy(input, at, last, 0, left);
        lastLength = left;
    }

    private void chain(byte[] input, int offset, int length) {
        try {
            cipher.update(input, offset, length, scratch, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("whole blocks fit into a piece", e);
        }
    }

    @Override
    protected byte[] engineDoFinal() {
        byte[] mask = whole;
        if (lastLength < BLOCK) {
            last[lastLength] = (byte) 0x80;
            Arrays.fill(last, lastLength + 1, BLOCK, (byte) 0);
            mask = padded;
        }
        for (int i = 0; i < BLOCK; i++) {
            last[i] ^= mask[i];
        }
        lastLength = 0;
        begun = false;
        try {
            return cipher.doFinal(last); // which also begins again
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a whole block is enough", e);
        }
    }

    @Override
    protected void engineReset() {
        if (begun) {
            engineDoFinal();
        }
    }
}
