package io.varve.adapters.hyperv.wsman;

import io.varve.adapters.hyperv.cim.Cim;

/** Namespaces and actions of WS-Management. */
final class Names {
    static final String SOAP = "http://www.w3.org/2003/05/soap-envelope";
    static final String ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
    static final String ANONYMOUS = ADDRESSING + "/role/anonymous";
    static final String ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";
    static final String GET = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get";
    static final String WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";
    static final String WQL = "http://schemas.microsoft.com/wbem/wsman/1/WQL";
    static final String NIL = "http://www.w3.org/2001/XMLSchema-instance";
    static final String RESOURCES = "http://schemas.microsoft.com/wbem/wsman/1/wmi/" + Cim.NAMESPACE + "/";

    private Names() {}
}
