package io.varve.store.s3;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One request and its answer. Ends with a failure when nothing moves in either direction for a while: the time limit of
 * the JDK's client does not cover bodies. After the end nothing is written to the target any more.
 */
final class Exchange {
    private static final int LONGEST_ANSWER = 17 << 20;

    private final ByteBuffer target; // null: the answer's bytes are returned
    private final long idleNanos;
    private volatile long movedAt = System.nanoTime();

    /** @param idleSeconds how long nothing may move */
    Exchange(ByteBuffer target, int idleSeconds) {
        this.target = target;
        this.idleNanos = TimeUnit.SECONDS.toNanos(idleSeconds);
    }

    /** The body as the client wants it. */
    BodyPublisher publisher(S3Body body) {
        if (body == null || body.length() == 0) {
            return BodyPublishers.noBody();
        }
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> new Watched(body.open())), body.length());
    }

    S3Response run(HttpClient http, HttpRequest request) throws IOException {
        Sink[] sink = new Sink[1];
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(request, info -> {
            movedAt = System.nanoTime();
            boolean success = info.statusCode() / 100 == 2;
            synchronized (sink) {
                sink[0] = sink[0] == null ? new Sink(success ? target : null) : sink[0];
                return sink[0];
            }
        });
        try {
            while (true) {
                try {
                    HttpResponse<Void> response = answer.get(1, TimeUnit.SECONDS);
                    return new S3Response(
                            response.statusCode(), response.headers(), sink[0].bytes.toByteArray(), sink[0].filled);
                } catch (TimeoutException e) {
                    if (System.nanoTime() - movedAt > idleNanos) {
                        throw new HttpTimeoutException(
                                "nothing moved for " + TimeUnit.NANOSECONDS.toSeconds(idleNanos) + " s");
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the service");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            synchronized (sink) {
                if (sink[0] == null) {
                    sink[0] = new Sink(null);
                }
            }
            sink[0].end();
            answer.cancel(true);
        }
    }

    /** Takes the answer's bytes. */
    private final class Sink implements BodySubscriber<Void> {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final ByteBuffer into;
        private Subscription subscription;
        private int filled;
        private boolean ended;

        Sink(ByteBuffer into) {
            this.into = into;
        }

        synchronized void end() {
            ended = true;
        }

        @Override
        public CompletionStage<Void> getBody() {
            return done;
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public synchronized void onNext(List<ByteBuffer> buffers) {
            movedAt = System.nanoTime();
            for (ByteBuffer buffer : buffers) {
                int length = buffer.remaining();
                if (ended || length > (into == null ? LONGEST_ANSWER - bytes.size() : into.remaining())) {
                    subscription.cancel();
                    done.completeExceptionally(new IOException("the answer is longer than it should be"));
                    return;
                }
                if (into == null) {
                    byte[] copy = new byte[length];
                    buffer.get(copy);
                    bytes.writeBytes(copy);
                } else {
                    into.put(buffer);
                    filled += length;
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            done.complete(null);
        }
    }

    /** Notes when bytes are taken. */
    private final class Watched extends FilterInputStream {
        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            movedAt = System.nanoTime();
            return super.read(bytes, offset, length);
        }
    }
}
