package io.varve.adapters.hyperv.wsman;

import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.CimValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes requests. All prefixes are declared on the root, so that a request reads like those in the specification. */
final class Envelope {
    /** Bytes of the largest answer that is asked for; WinRM's own limit is 512,000 by default. */
    static final int LARGEST_ANSWER = 512_000;

    private static final String OPERATION_SECONDS = "PT60S";
    private static final int MOST_ELEMENTS = 1000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
    private final XMLStreamWriter xml;

    private Envelope() throws XMLStreamException {
        xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
    }

    @FunctionalInterface
    private interface Body {
        void write(Envelope envelope) throws XMLStreamException;
    }

    /** Begins an enumeration; its first items come with the answer, each with its path. */
    static byte[] enumerate(String url, String wql) {
        CimPath all = new CimPath("*", Map.of());
        return request(url, Names.ENUMERATION + "/Enumerate", all, envelope -> {
            XMLStreamWriter xml = envelope.xml;
            xml.writeStartElement("n:Enumerate");
            xml.writeEmptyElement("w:OptimizeEnumeration");
            envelope.element("w:MaxElements", Integer.toString(MOST_ELEMENTS));
            xml.writeStartElement("w:Filter");
            xml.writeAttribute("Dialect", Names.WQL);
            xml.writeCharacters(wql);
            xml.writeEndElement();
            envelope.element("w:EnumerationMode", "EnumerateObjectAndEPR");
            xml.writeEndElement();
        });
    }

    /** Asks for more items of an enumeration. */
    static byte[] pull(String url, String context) {
        CimPath all = new CimPath("*", Map.of());
        return request(url, Names.ENUMERATION + "/Pull", all, envelope -> {
            XMLStreamWriter xml = envelope.xml;
            xml.writeStartElement("n:Pull");
            envelope.element("n:EnumerationContext", context);
            envelope.element("n:MaxElements", Integer.toString(MOST_ELEMENTS));
            xml.writeEndElement();
        });
    }

    /** Gives up an enumeration before its end. */
    static byte[] release(String url, String context) {
        CimPath all = new CimPath("*", Map.of());
        return request(url, Names.ENUMERATION + "/Release", all, envelope -> {
            envelope.xml.writeStartElement("n:Release");
            envelope.element("n:EnumerationContext", context);
            envelope.xml.writeEndElement();
        });
    }

    /** Asks for one object. */
    static byte[] get(String url, CimPath path) {
        return request(url, Names.GET, path, envelope -> {});
    }

    /** Calls a method. */
    static byte[] invoke(String url, CimPath path, String method, CimFields input) {
        String resource = Names.RESOURCES + path.className();
        return request(url, resource + "/" + method, path, envelope -> {
            XMLStreamWriter xml = envelope.xml;
            xml.writeStartElement("p:" + method + "_INPUT");
            xml.writeAttribute("xmlns:p", resource);
            for (String name : input.names()) {
                for (CimValue value : input.values(name)) {
                    envelope.parameter("p:" + name, value);
                }
            }
            xml.writeEndElement();
        });
    }

    private static byte[] request(String url, String action, CimPath path, Body body) {
        try {
            Envelope envelope = new Envelope();
            envelope.write(url, action, path, body);
            return envelope.bytes.toByteArray();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("XML into memory", e);
        }
    }

    private void write(String url, String action, CimPath path, Body body) throws XMLStreamException {
        xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
        xml.writeStartElement("s:Envelope");
        xml.writeAttribute("xmlns:s", Names.SOAP);
        xml.writeAttribute("xmlns:a", Names.ADDRESSING);
        xml.writeAttribute("xmlns:n", Names.ENUMERATION);
        xml.writeAttribute("xmlns:w", Names.WSMAN);
        xml.writeStartElement("s:Header");
        element("a:To", url);
        xml.writeStartElement("a:ReplyTo");
        mustUnderstand("a:Address", Names.ANONYMOUS);
        xml.writeEndElement();
        mustUnderstand("a:Action", action);
        element("a:MessageID", "uuid:" + UUID.randomUUID());
        mustUnderstand("w:MaxEnvelopeSize", Integer.toString(LARGEST_ANSWER));
        element("w:OperationTimeout", OPERATION_SECONDS);
        mustUnderstand("w:ResourceURI", Names.RESOURCES + path.className());
        selectors(path);
        xml.writeEndElement();
        xml.writeStartElement("s:Body");
        body.write(this);
        xml.writeEndElement();
        xml.writeEndElement();
        xml.writeEndDocument();
        xml.close();
    }

    private void selectors(CimPath path) throws XMLStreamException {
        if (path.keys().isEmpty()) {
            return;
        }
        xml.writeStartElement("w:SelectorSet");
        for (Map.Entry<String, String> key : path.keys().entrySet()) {
            xml.writeStartElement("w:Selector");
            xml.writeAttribute("Name", key.getKey());
            xml.writeCharacters(key.getValue());
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private void parameter(String name, CimValue value) throws XMLStreamException {
        xml.writeStartElement(name);
        if (value instanceof CimValue.Text text) {
            xml.writeCharacters(text.text());
        } else if (value instanceof CimValue.Reference reference) {
            element("a:Address", Names.ANONYMOUS);
            xml.writeStartElement("a:ReferenceParameters");
            element("w:ResourceURI", Names.RESOURCES + reference.path().className());
            selectors(reference.path());
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private void element(String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private void mustUnderstand(String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeAttribute("s:mustUnderstand", "true");
        xml.writeCharacters(text);
        xml.writeEndElement();
    }
}
