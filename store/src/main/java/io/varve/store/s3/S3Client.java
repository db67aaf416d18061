package io.varve.store.s3;

import io.varve.store.backend.Traffic;
import io.varve.store.fault.Reason;
import io.varve.store.fault.UnavailableException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLHandshakeException;

/** Sends signed requests, at most a few at a time, and sends them again after failures that may pass. Thread-safe. */
final class S3Client {
    /** Requests on their way at the same time. */
    static final int IN_FLIGHT = 16;

    private static final int IDLE_SECONDS = 60;
    private static final String NO_BODY = Signature.hex(Signature.sha256().digest());

    private final HttpClient http;
    private final S3Service service;
    private final CredentialChain credentials;
    private final Clock clock;
    private final Retry.Pause pause;
    private final Traffic traffic = new Traffic();
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
    private volatile Duration clockOffset = Duration.ZERO;

    S3Client(HttpClient http, S3Service service, CredentialChain credentials, Clock clock, Retry.Pause pause) {
        this.http = http;
        this.service = service;
        this.credentials = credentials;
        this.clock = clock;
        this.pause = pause;
    }

    /** The service, as scheme, host and path of the bucket. */
    String service() {
        return service.endpoint().getScheme() + "://" + service.host() + service.path();
    }

    Traffic traffic() {
        return traffic;
    }

    Retry retry() {
        return new Retry(pause);
    }

    /**
     * Sends a request that may be repeated.
     *
     * @param what it is for, as the operator knows it, for messages
     * @throws UnavailableException when all attempts have failed
     * @return an answer that will not change by asking again
     */
    S3Response send(S3Call call, Traffic.Kind kind, String what) throws IOException {
        Retry retry = retry();
        while (true) {
            try {
                return once(call, kind, retry.failures() > 0);
            } catch (TransientException e) {
                if (!retry.again(e)) {
                    throw unavailable(what, e, retry);
                }
            }
        }
    }

    static UnavailableException unavailable(String what, TransientException failure, Retry retry) {
        return new UnavailableException(
                what, "the service fails (" + failure.getMessage() + ", " + retry.failures() + " attempts)", failure);
    }

    /**
     * Sends a request once. A refusal for credentials that have ended or for a wrong clock is followed by one more
     * attempt.
     *
     * @throws TransientException when another attempt may succeed
     */
    S3Response once(S3Call call, Traffic.Kind kind, boolean isRetry) throws IOException {
        Credentials used = credentials.current();
        S3Response response = attempt(call, kind, isRetry, used);
        if (response.status() == 400 || response.status() == 403) {
            S3Error error = response.error();
            boolean better = error.isOfClock() && adoptClock(response)
                    || error.isOfCredentials() && credentials.renew(used)
                    // An answer to HEAD has no body, so it does not say why.
                    || call.method.equals("HEAD")
                            && (adoptClock(response) || used.expiry() != null && credentials.renew(used));
            if (better) {
                response = attempt(call, kind, true, credentials.current());
            }
        }
        S3Error error = response.succeeded() ? null : response.error();
        if (error != null && error.mayPass()) {
            throw new TransientException(error.text(), error.mayHaveTakenEffect(), retryAfterMillis(response), null);
        }
        if (response.status() == 404 && !isOfService(call, response, error)) {
            // A proxy in front of a service that is starting says so too, and that means nothing.
            throw new TransientException(error.text() + ", not from an S3 service", false, 0, null);
        }
        return response;
    }

    private static boolean isOfService(S3Call call, S3Response response, S3Error error) {
        return call.method.equals("HEAD")
                ? response.header("x-amz-request-id").isPresent()
                : !error.code().isEmpty();
    }

    private static long retryAfterMillis(S3Response response) {
        String text = response.header("retry-after").orElse("");
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) * 1000L : 0;
    }

    /** Takes the service's clock for signatures if it is far from ours; returns whether that changed anything. */
    private boolean adoptClock(S3Response response) {
        Instant theirs;
        try {
            theirs = ZonedDateTime.parse(response.header("date").orElse(""), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return false;
        }
        Duration offset = Duration.between(clock.instant(), theirs);
        boolean changed = offset.minus(clockOffset).abs().compareTo(Duration.ofMinutes(4)) > 0;
        if (changed) {
            clockOffset = offset;
        }
        return changed;
    }

    private S3Response attempt(S3Call call, Traffic.Kind kind, boolean isRetry, Credentials used) throws IOException {
        int start = call.target == null ? 0 : call.target.position();
        Exchange exchange = new Exchange(call.target, IDLE_SECONDS);
        HttpRequest request = request(call, used, exchange);
        inFlight.acquireUninterruptibly();
        boolean complete = false;
        try {
            traffic.count(kind, isRetry);
            traffic.sent(call.body == null ? 0 : call.body.length());
            S3Response response = exchange.run(http, request);
            traffic.received(response.body().length + (long) response.filled());
            complete = true;
            return response;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (SSLHandshakeException e) {
            if (!isOfCertificate(e)) {
                throw new TransientException(service.endpoint().getAuthority() + ": " + Reason.of(e), false, 0, e);
            }
            // Asking again does not make a certificate trusted.
            throw new UnavailableException(
                    service.endpoint().toString(),
                    "no secure connection (" + Reason.of(e) + "); is ?ca=FILE needed for the service's certificate?",
                    e);
        } catch (IOException e) {
            boolean neverSent = e instanceof ConnectException
                    || e instanceof HttpConnectTimeoutException
                    || e.getCause() instanceof UnknownHostException;
            throw new TransientException(service.endpoint().getAuthority() + ": " + Reason.of(e), !neverSent, 0, e);
        } finally {
            inFlight.release();
            if (!complete && call.target != null) {
                call.target.position(start);
            }
        }
    }

    private static boolean isOfCertificate(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return true;
            }
        }
        return false;
    }

    private HttpRequest request(S3Call call, Credentials used, Exchange exchange) {
        String path = service.path() + (call.key.isEmpty() ? "" : "/" + Signature.encoded(call.key, true));
        path = path.isEmpty() ? "/" : path;
        SortedMap<String, String> headers = new TreeMap<>(call.headers);
        headers.put("host", service.host());
        headers.put("x-amz-date", Signature.time(clock.instant().plus(clockOffset)));
        headers.put("x-amz-content-sha256", call.body == null ? NO_BODY : call.body.digest());
        if (used.sessionToken() != null) {
            headers.put("x-amz-security-token", used.sessionToken());
        }
        String signature = Signature.of(used, service.region(), call.method, path, call.query, headers);
        StringBuilder uri = new StringBuilder(service.endpoint().getScheme() + "://" + service.host() + path);
        char separator = '?';
        for (Map.Entry<String, String> parameter : call.query.entrySet()) {
            uri.append(separator).append(parameter.getKey()).append('=').append(parameter.getValue());
            separator = '&';
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri.toString()))
                .method(call.method, exchange.publisher(call.body))
                .header("authorization", signature);
        headers.forEach((name, value) -> {
            if (!name.equals("host")) {
                request.header(name, value);
            }
        });
        return request.build();
    }
}
