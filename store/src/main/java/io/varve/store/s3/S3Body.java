package io.varve.store.s3;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** The body of a request; can be sent several times. */
interface S3Body {
    /** In bytes. */
    long length();

    /** SHA-256 of all bytes, in hex. */
    String digest();

    /** All bytes, from the beginning. */
    InputStream open();

    /** A body in memory. The array is not copied. */
    static S3Body of(byte[] bytes) {
        String digest = Signature.hex(Signature.sha256().digest(bytes));
        return new S3Body() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public String digest() {
                return digest;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }
        };
    }
}
