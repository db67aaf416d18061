"""The host's side of a logon by Negotiate, by MIT Kerberos. Reads and writes lines of base64: first the tokens of a
logon; then, for each sealed message, what was in it, and the same sealed as an answer. Ends with its input."""
import base64
import sys

import gssapi


def read():
    line = sys.stdin.readline().strip()
    return base64.b64decode(line) if line else None


def write(data):
    print(base64.b64encode(data or b"").decode(), flush=True)


context = gssapi.SecurityContext(usage="accept", creds=gssapi.Credentials(usage="accept"))
write(context.step(read()))
while (token := read()) is not None:
    opened = context.unwrap(token)
    write((b"sealed " if opened.encrypted else b"plain ") + opened.message)
    write(context.wrap(opened.message, True).message)
