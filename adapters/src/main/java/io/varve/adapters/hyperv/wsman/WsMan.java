package io.varve.adapters.hyperv.wsman;

import io.varve.adapters.hyperv.cim.Cim;
import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimException.Kind;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.XmlElement;
import io.varve.adapters.login.Login;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** WMI of a host over WS-Management. */
public final class WsMan implements Cim {
    /** Objects of one query; a host of the largest kind has a few thousand. */
    private static final int MOST_OBJECTS = 200_000;

    /** Parts of an answer in which nothing comes: the host says that it needs more time. */
    private static final int MOST_TIME_OUTS = 30;

    /** 502, 503 and 504 say that the server behind the port does not work at the moment. */
    private static final int BAD_GATEWAY = 502;

    private static final int GATEWAY_TIMEOUT = 504;

    private final String host;
    private final Post post;

    /**
     * @param host its name, for messages and object paths
     * @param post taken over: closed with this
     */
    WsMan(String host, Post post) {
        this.host = host;
        this.post = post;
    }

    /**
     * Connects to a host. Nothing is sent before the first question.
     *
     * @param host name, or name and port; after {@code http://} over HTTP, with messages sealed by the login
     * @param trust for HTTPS
     * @param login taken over: its password is wiped when this is closed
     * @throws IllegalArgumentException when that is no host, or not one for this login
     */
    public static WsMan connect(String host, Login login, Trust trust) {
        HostAddress address = HostAddress.parse(host);
        Post post = address.secure() ? new HttpsPost(address, login, trust) : new SealedPost(address, login);
        return new WsMan(address.host(), post);
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public List<CimObject> query(String wql) throws IOException {
        List<CimObject> objects = new ArrayList<>();
        Answer.Page page = Answer.page(ask(Envelope.enumerate(post.url(), wql), wql));
        int timeOuts = 0;
        while (true) {
            objects.addAll(page.objects());
            Optional<String> context = page.context();
            if (context.isEmpty()) {
                return objects;
            }
            if (objects.size() > MOST_OBJECTS) {
                release(context.get());
                throw CimException.answer(host + ": " + wql + ": more than " + MOST_OBJECTS + " objects");
            }
            try {
                page = Answer.page(ask(Envelope.pull(post.url(), context.get()), wql));
            } catch (CimException e) {
                if (e.kind() != Kind.TIMED_OUT || ++timeOuts == MOST_TIME_OUTS) {
                    throw e;
                }
                page = new Answer.Page(List.of(), context);
            }
        }
    }

    /** The host forgets it by itself after a while. */
    private void release(String context) {
        try {
            post.send(Envelope.release(post.url(), context));
        } catch (IOException e) {
            // What matters is reported already.
            return;
        }
    }

    @Override
    public Optional<CimObject> find(CimPath path) throws IOException {
        try {
            XmlElement body = ask(Envelope.get(post.url(), path), path.relative());
            return Optional.of(new CimObject(path, Answer.object(body, path.className())));
        } catch (CimException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public CimFields invoke(CimPath object, String method, CimFields input) throws IOException {
        String what = object.className() + "." + method;
        return Answer.output(ask(Envelope.invoke(post.url(), object, method, input), what), method);
    }

    private XmlElement ask(byte[] message, String what) throws IOException {
        Post.Reply reply = post.send(message);
        if (reply.status() >= BAD_GATEWAY && reply.status() <= GATEWAY_TIMEOUT) {
            throw new CimException(
                    Kind.UNAVAILABLE,
                    reply.status(),
                    host + ": " + what + ": the host's WinRM is not available (HTTP status " + reply.status() + ")");
        }
        XmlElement envelope;
        try {
            envelope = XmlElement.parse(reply.body());
        } catch (CimException e) {
            throw CimException.answer(host + ": " + what + ": the answer (HTTP status " + reply.status()
                    + ") is no SOAP: " + e.getMessage());
        }
        XmlElement body = envelope.child("Body")
                .filter(found -> envelope.name().equals("Envelope"))
                .orElseThrow(() -> CimException.answer(
                        host + ": " + what + ": the answer (HTTP status " + reply.status() + ") is no SOAP envelope"));
        Optional<XmlElement> fault = body.child("Fault");
        if (fault.isPresent()) {
            throw Fault.of(fault.get(), host, what);
        }
        if (reply.status() != 200) {
            throw CimException.answer(host + ": " + what + ": HTTP status " + reply.status() + " without a SOAP fault");
        }
        return body;
    }

    @Override
    public void close() throws IOException {
        post.close();
    }
}
