package io.varve.tools.document;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a document or a field of it means: its unit, and when it is absent. Shown in schemas and in docs/json.md. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Says {
    String value();

    /** All that a text can be; empty where that is open. */
    String[] words() default {};
}
