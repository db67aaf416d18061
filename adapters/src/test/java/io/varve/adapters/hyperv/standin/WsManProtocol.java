package io.varve.adapters.hyperv.standin;

import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.CimValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** SOAP as WinRM speaks it, read with the JDK's DOM and so with nothing of the client's. */
final class WsManProtocol {
    private static final int PAGE = 2;
    private static final String ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
    private static final String RESOURCES = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/";

    /** @param status of HTTP */
    record Response(int status, String body) {}

    private final StandInHost host;
    private final Map<String, List<CimObject>> enumerations = new HashMap<>();

    WsManProtocol(StandInHost host) {
        this.host = host;
    }

    synchronized Response answer(byte[] request) throws IOException {
        Element envelope;
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            envelope = factory.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(request))
                    .getDocumentElement();
        } catch (SAXException | ParserConfigurationException e) {
            return fault(2150858817L, "w:SchemaValidationError", e.getMessage());
        }
        Element header = child(envelope, "Header").orElseThrow();
        Element body = child(envelope, "Body").orElseThrow();
        String action = child(header, "Action").orElseThrow().getTextContent();
        String resource = child(header, "ResourceURI").orElseThrow().getTextContent();
        if (!resource.startsWith(RESOURCES)) {
            return fault(0x80338000L, "a:DestinationUnreachable", "unknown resource " + resource);
        }
        String className = resource.substring(RESOURCES.length());
        CimPath path = new CimPath(className, selectors(header));
        if (action.endsWith("/enumeration/Enumerate")) {
            Element filter =
                    child(child(body, "Enumerate").orElseThrow(), "Filter").orElseThrow();
            return page("EnumerateResponse", host.query(filter.getTextContent()));
        }
        if (action.endsWith("/enumeration/Pull")) {
            String context = child(child(body, "Pull").orElseThrow(), "EnumerationContext")
                    .orElseThrow()
                    .getTextContent();
            List<CimObject> rest = enumerations.remove(context);
            return rest == null
                    ? fault(0x80338014L, "n:InvalidEnumerationContext", "gone")
                    : page("PullResponse", rest);
        }
        if (action.endsWith("/transfer/Get")) {
            Optional<CimObject> found = host.find(path);
            return found.isEmpty()
                    ? fault(2150858752L, "w:InternalError", "not found", 0x80041002L)
                    : ok(object(found.get()));
        }
        return invoke(path, action.substring(action.lastIndexOf('/') + 1), body);
    }

    private Response invoke(CimPath path, String method, Element body) throws IOException {
        Element input = child(body, method + "_INPUT").orElseThrow();
        Map<String, List<CimValue>> parameters = new LinkedHashMap<>();
        for (Element parameter : children(input)) {
            parameters
                    .computeIfAbsent(parameter.getLocalName(), name -> new ArrayList<>())
                    .add(value(parameter));
        }
        CimFields output = host.invoke(path, method, CimFields.of(method, parameters));
        if (output.values("ChangedByteOffsets").size() > host.faults().rangesThatFit()) {
            return fault(0x80338048L, "w:EncodingLimit", "the response exceeds the maximum envelope size");
        }
        StringBuilder xml = new StringBuilder();
        xml.append("<p:").append(method).append("_OUTPUT xmlns:p=\"").append(RESOURCES);
        xml.append(path.className()).append("\">");
        fields(xml, output);
        xml.append("</p:").append(method).append("_OUTPUT>");
        return ok(xml.toString());
    }

    private static CimValue value(Element parameter) {
        Optional<Element> reference = child(parameter, "ReferenceParameters");
        if (reference.isEmpty()) {
            return new CimValue.Text(parameter.getTextContent());
        }
        String resource = child(reference.get(), "ResourceURI").orElseThrow().getTextContent();
        return new CimValue.Reference(new CimPath(resource.substring(RESOURCES.length()), selectors(reference.get())));
    }

    private static Map<String, String> selectors(Element parent) {
        Map<String, String> keys = new TreeMap<>();
        child(parent, "SelectorSet")
                .ifPresent(set -> children(set)
                        .forEach(selector -> keys.put(selector.getAttribute("Name"), selector.getTextContent())));
        return keys;
    }

    private Response page(String name, List<CimObject> rows) {
        List<CimObject> now = rows.subList(0, Math.min(PAGE, rows.size()));
        List<CimObject> later = rows.subList(now.size(), rows.size());
        StringBuilder xml = new StringBuilder("<n:" + name + ">");
        if (!later.isEmpty()) {
            String context = "uuid:" + UUID.randomUUID();
            enumerations.put(context, List.copyOf(later));
            xml.append("<n:EnumerationContext>").append(context).append("</n:EnumerationContext>");
        }
        String items = name.equals("PullResponse") ? "n:Items" : "w:Items";
        xml.append("<").append(items).append(">");
        for (CimObject row : now) {
            xml.append("<w:Item>").append(object(row)).append("<a:EndpointReference>");
            reference(xml, row.path());
            xml.append("</a:EndpointReference></w:Item>");
        }
        xml.append("</").append(items).append(">");
        if (later.isEmpty()) {
            xml.append(name.equals("PullResponse") ? "<n:EndOfSequence/>" : "<w:EndOfSequence/>");
        }
        return ok(xml.append("</n:").append(name).append(">").toString());
    }

    private String object(CimObject row) {
        String className = row.path().className();
        StringBuilder xml = new StringBuilder("<p:" + className + " xmlns:p=\"" + RESOURCES + className + "\">");
        xml.append("<p:InstallDate xsi:nil=\"true\"/>");
        fields(xml, row.fields());
        return xml.append("</p:").append(className).append(">").toString();
    }

    private void fields(StringBuilder xml, CimFields fields) {
        for (String name : fields.names()) {
            for (CimValue value : fields.values(name)) {
                xml.append("<p:").append(name).append(">");
                if (value instanceof CimValue.Text text) {
                    xml.append(escape(text.text()));
                } else if (value instanceof CimValue.Reference reference) {
                    reference(xml, reference.path());
                }
                xml.append("</p:").append(name).append(">");
            }
        }
    }

    private static void reference(StringBuilder xml, CimPath path) {
        xml.append("<a:Address>").append(ADDRESSING).append("/role/anonymous</a:Address><a:ReferenceParameters>");
        xml.append("<w:ResourceURI>").append(RESOURCES).append(path.className()).append("</w:ResourceURI>");
        xml.append("<w:SelectorSet><w:Selector Name=\"__cimnamespace\">root/virtualization/v2</w:Selector>");
        path.keys()
                .forEach((name, value) -> xml.append("<w:Selector Name=\"")
                        .append(name)
                        .append("\">")
                        .append(escape(value))
                        .append("</w:Selector>"));
        xml.append("</w:SelectorSet></a:ReferenceParameters>");
    }

    private static Response ok(String body) {
        return new Response(200, envelope(body));
    }

    private static Response fault(long code, String subcode, String reason) {
        return fault(code, subcode, reason, 0);
    }

    /** @param wmi code of the provider; 0 for none */
    private static Response fault(long code, String subcode, String reason, long wmi) {
        String provider = wmi == 0
                ? ""
                : "<f:ProviderFault><f:ExtendedError><p:MSFT_WmiError xmlns:p=\"x\"><p:error_Code>" + wmi
                        + "</p:error_Code></p:MSFT_WmiError></f:ExtendedError></f:ProviderFault>";
        return new Response(
                500,
                envelope("<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>" + subcode
                        + "</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"de-DE\">" + escape(reason)
                        + "</s:Text></s:Reason><s:Detail><f:WSManFault"
                        + " xmlns:f=\"http://schemas.microsoft.com/wbem/wsman/1/wsmanfault\" Code=\"" + code
                        + "\" Machine=\"HOST1\"><f:Message>" + escape(reason) + provider
                        + "</f:Message></f:WSManFault></s:Detail></s:Fault>"));
    }

    private static String envelope(String body) {
        return "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"" + ADDRESSING + "\""
                + " xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\""
                + " xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\""
                + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><s:Header/><s:Body>" + body
                + "</s:Body></s:Envelope>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static Optional<Element> child(Element parent, String name) {
        return children(parent).stream()
                .filter(child -> child.getLocalName().equals(name))
                .findFirst();
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }
}
