package io.varve.adapters.hyperv.cim;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.Optional;

/** WMI of a host whose answers are written down: a line of JSON for each question, for people who have no such host. */
public final class RecordingCim implements Cim {
    private static final JsonFactory JSON = new JsonFactory();

    private final Cim cim;
    private final Writer record;

    /**
     * @param cim taken over: closed with this
     * @param record stays the caller's
     */
    public RecordingCim(Cim cim, Writer record) {
        this.cim = cim;
        this.record = record;
    }

    @Override
    public String host() {
        return cim.host();
    }

    @FunctionalInterface
    private interface Asking<T> {
        T ask() throws IOException;
    }

    @FunctionalInterface
    private interface Writing<T> {
        void write(JsonGenerator json, T answer) throws IOException;
    }

    private <T> T recorded(Writing<Void> question, Asking<T> asking, Writing<T> writing) throws IOException {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            question.write(json, null);
            try {
                T answer = asking.ask();
                json.writeFieldName("answer");
                writing.write(json, answer);
                return answer;
            } catch (IOException e) {
                json.writeStringField("failure", e.toString());
                throw e;
            } finally {
                json.writeEndObject();
                json.flush();
                record.write(line + "\n");
                record.flush();
            }
        }
    }

    @Override
    public List<CimObject> query(String wql) throws IOException {
        return recorded((json, none) -> json.writeStringField("query", wql), () -> cim.query(wql), (json, rows) -> {
            json.writeStartArray();
            for (CimObject row : rows) {
                write(json, row);
            }
            json.writeEndArray();
        });
    }

    @Override
    public Optional<CimObject> find(CimPath path) throws IOException {
        return recorded(
                (json, none) -> json.writeStringField("get", path.relative()), () -> cim.find(path), (json, found) -> {
                    if (found.isPresent()) {
                        write(json, found.get());
                    } else {
                        json.writeStartObject();
                        json.writeEndObject();
                    }
                });
    }

    @Override
    public CimFields invoke(CimPath object, String method, CimFields input) throws IOException {
        return recorded(
                (json, none) -> {
                    json.writeStringField("call", object.relative());
                    json.writeStringField("method", method);
                    json.writeFieldName("input");
                    write(json, input);
                },
                () -> cim.invoke(object, method, input),
                RecordingCim::write);
    }

    private static void write(JsonGenerator json, CimObject row) throws IOException {
        json.writeStartObject();
        json.writeStringField("path", row.path().relative());
        json.writeFieldName("fields");
        write(json, row.fields());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, CimFields fields) throws IOException {
        json.writeStartObject();
        for (String name : fields.names()) {
            json.writeArrayFieldStart(name);
            for (CimValue value : fields.values(name)) {
                json.writeString(
                        value instanceof CimValue.Reference reference
                                ? reference.path().relative()
                                : ((CimValue.Text) value).text());
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    @Override
    public void close() throws IOException {
        cim.close();
    }
}
